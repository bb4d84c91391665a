import { i18n, type Messages } from '@lingui/core';
import { messages as british } from '@/locales/en-GB.po';
import { messages as american } from '@/locales/en-US.po?overrides';

export type Locale = 'en-GB' | 'en-US';

i18n.load({ 'en-GB': british, 'en-US': { ...british, ...american } });

/** Selects texts and formats by the clinic's locale (BCP 47). Unknown locales get British English. */
export function activateLocale(locale: string | undefined): void {
  const known: Locale = locale === 'en-US' ? 'en-US' : 'en-GB';
  if (i18n.locale !== known) i18n.activate(known);
}

/** The active locale, for Intl. */
export const currentLocale = () => i18n.locale;

export interface FeatureTexts {
  messages: Messages;
  /** The texts that differ in American English. */
  american: Messages;
}

/** Adds the texts of a feature that is loaded later than the first page. */
export function addTexts({ messages, american }: FeatureTexts): void {
  i18n.load({ 'en-GB': messages, 'en-US': { ...messages, ...american } });
}
