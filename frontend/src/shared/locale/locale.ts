import { i18n, type Messages } from '@lingui/core';
import { messages } from '@/locales/en-GB.po';

export type Catalogue = Promise<{ messages: Messages }>;

const BRITISH = 'en-GB';

/** The catalogues in use, by folder, and how to load their British texts. The first one is the first page's. */
const catalogues = new Map<string, () => Catalogue>([['', async () => ({ messages })]]);

/** How other languages than English write times of day, and the comma between day and time. */
export const clock: { format?: (hour: number, minutes: string) => string; comma?: string } = {};

/** Loads the texts of all catalogues in use and selects them, and formats, by the clinic's locale (BCP 47). */
export async function activateLocale(locale = BRITISH): Promise<void> {
  clock.format = clock.comma = undefined;
  await Promise.all([...catalogues.keys()].map((folder) => load(locale, folder)));
  i18n.activate(locale);
}

async function load(locale: string, folder: string): Promise<void> {
  const texts =
    locale === BRITISH
      ? catalogues.get(folder)?.()
      : (await import('./other-locales')).textsOf(locale, folder);
  i18n.load(locale, (await texts)?.messages ?? {});
}

/** The active locale, for Intl. */
export const currentLocale = () => i18n.locale;

/** Adds the texts of a feature that is loaded later than the first page. */
export function addTexts(folder: string, british: () => Catalogue): Promise<void> {
  catalogues.set(folder, british);
  return load(i18n.locale, folder);
}
