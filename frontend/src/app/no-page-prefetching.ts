/**
 * Replaces the code of React Router's `Link` that prefetches pages (`vite.config.ts`). Only apps in its framework
 * mode can use it, and it is 3 kB of the first page.
 */
import { createContext, type Ref } from 'react';

export const FrameworkContext = createContext(undefined);

export const PrefetchPageLinks = () => null;

export const usePrefetchBehavior = () => [false, undefined, {}] as const;

export const mergeRefs = <T>(ref: Ref<T> | undefined) => ref;
