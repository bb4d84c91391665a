import type { Messages } from '@lingui/core';
import { lazy } from 'react';
import { addTexts } from './locale';

type Catalogue = Promise<{ messages: Messages }>;

/** Loads a page of a feature on its first visit, together with the feature's texts. */
export const pagesOf =
  (loadTexts: () => Catalogue, loadAmericanTexts: () => Catalogue) =>
  <Name extends string>(load: () => Promise<Record<Name, () => React.ReactNode>>, name: Name) =>
    lazy(async () => {
      const [page, texts, american] = await Promise.all([load(), loadTexts(), loadAmericanTexts()]);
      addTexts({ messages: texts.messages, american: american.messages });
      return { default: page[name] };
    });
