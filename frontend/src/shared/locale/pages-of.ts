import { lazy } from 'react';
import { addTexts, type Catalogue } from './locale';

/**
 * Loads a page of a feature on its first visit, together with the feature's texts.
 *
 * @param folder where the feature's `locales` are, in `src`
 */
export const pagesOf =
  (folder: string, british: () => Catalogue) =>
  <Name extends string>(load: () => Promise<Record<Name, () => React.ReactNode>>, name: Name) =>
    lazy(async () => {
      const [page] = await Promise.all([load(), addTexts(folder, british)]);
      return { default: page[name] };
    });
