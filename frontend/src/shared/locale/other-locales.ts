import type { Messages } from '@lingui/core';
import { type Catalogue, clock } from './locale';

/** The catalogues of all locales but British English. Each is a file of its own. */
const files = import.meta.glob<{ messages: Messages }>(['/src/**/locales/{en-US,es,de,ar}.po'], {
  query: '?complete',
});

/** How times of day are written, as the server does (`tenants/base/words.py`). English has no entry. */
const CLOCKS: Record<string, (hour: number, minutes: string) => string> = {
  ar: (hour, minutes) => `${hour % 12 || 12}:${minutes} ${hour < 12 ? 'ص' : 'م'}`,
  de: (hour, minutes) => `${String(hour).padStart(2, '0')}:${minutes}`,
  es: (hour, minutes) => `${hour}:${minutes}`,
  'es-US': (hour, minutes) => `${hour % 12 || 12}:${minutes} ${hour < 12 ? 'a. m.' : 'p. m.'}`,
};

/** Loads the texts in a folder. Staff pages are in English only, so theirs are not translated. */
export function textsOf(locale: string, folder: string): Catalogue {
  const [language = ''] = locale.split('-');
  clock.format = CLOCKS[locale] ?? CLOCKS[language];
  clock.comma = language === 'ar' ? '،' : undefined;
  const find = (name: string) => files[`/src/${folder && `${folder}/`}locales/${name}.po`];
  return (find(language) ?? find('en-US'))?.() ?? Promise.resolve({ messages: {} });
}
