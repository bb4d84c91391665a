import type { Messages } from '@lingui/core';
import { lazy } from 'react';
import { addTexts } from './locale';

type LoadTexts = () => Promise<{ messages: Messages }>;

/** Loads code together with the texts that it needs. */
export const withTexts =
  <Code>(loadTexts: LoadTexts, loadAmericanTexts: LoadTexts, load: () => Promise<Code>) =>
  async (): Promise<Code> => {
    const [code, texts, american] = await Promise.all([load(), loadTexts(), loadAmericanTexts()]);
    addTexts({ messages: texts.messages, american: american.messages });
    return code;
  };

/** Loads a page of a feature on its first visit, together with the feature's texts. */
export const pagesOf =
  (loadTexts: LoadTexts, loadAmericanTexts: LoadTexts) =>
  <Name extends string>(load: () => Promise<Record<Name, () => React.ReactNode>>, name: Name) =>
    lazy(async () => ({ default: (await withTexts(loadTexts, loadAmericanTexts, load)())[name] }));
