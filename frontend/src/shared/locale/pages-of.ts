import { lazy } from 'react';
import { addTexts, type Catalogue } from './locale';

/**
 * Loads code together with the texts that it needs.
 *
 * @param folder where the `locales` with the texts are, in `src`
 */
export const withTexts =
  <Code>(folder: string, british: () => Catalogue, load: () => Promise<Code>) =>
  async (): Promise<Code> => {
    const [code] = await Promise.all([load(), addTexts(folder, british)]);
    return code;
  };

/** Loads a page of a feature on its first visit, together with the feature's texts. */
export const pagesOf =
  (folder: string, british: () => Catalogue) =>
  <Name extends string>(load: () => Promise<Record<Name, () => React.ReactNode>>, name: Name) =>
    lazy(async () => ({ default: (await withTexts(folder, british, load)())[name] }));
