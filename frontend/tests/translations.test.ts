import { readdirSync, readFileSync } from 'node:fs';
import { formatter } from '@lingui/format-po';
import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage';
import { expect, test } from 'vitest';

const LANGUAGES = ['es', 'de', 'ar'];

interface Translated {
  file: string;
  text: string;
  translation: string;
}

type Tokens = ReturnType<typeof compileMessageOrThrow>;

async function messagesOf(language: string): Promise<Translated[]> {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith(`locales/${language}.po`),
  );
  const context = { locale: language, sourceLocale: 'en-GB', filename: '' };
  const catalogues = files.map(async (file) =>
    Object.values(await formatter().parse(readFileSync(`src/${file}`, 'utf8'), context)).map(
      ({ message = '', translation = '' }) => ({ file, text: message, translation }),
    ),
  );
  return (await Promise.all(catalogues)).flat();
}

/** The names of a message's placeholders and its tags. A plural form may leave out its number. */
function placeholders(tokens: Tokens): string[] {
  return tokens.flatMap((token) => {
    if (typeof token === 'string') return token.match(/<\/?\d+\/?>/g) ?? [];
    const [name, , cases] = token;
    const forms = cases && typeof cases === 'object' ? Object.values(cases) : [];
    return [name, ...forms.flatMap((form) => (Array.isArray(form) ? placeholders(form as Tokens) : []))];
  });
}

/** The forms of each plural in a message. */
function pluralForms(tokens: Tokens): string[][] {
  return tokens.flatMap((token) =>
    typeof token !== 'string' && token[1] === 'plural' ? [Object.keys(token[2] as object)] : [],
  );
}

test.each(LANGUAGES)('every text for patients is translated (%s)', async (language) => {
  const messages = await messagesOf(language);

  expect(messages.length).toBeGreaterThan(500);
  expect(
    messages.filter(({ translation }) => !translation).map(({ file, text }) => `${file}: ${text}`),
  ).toEqual([]);
});

test.each(LANGUAGES)('translations have the placeholders and tags of their text (%s)', async (language) => {
  for (const { file, text, translation } of await messagesOf(language)) {
    if (!translation) continue;
    const [expected, found] = [text, translation].map((message) => [
      ...new Set(placeholders(compileMessageOrThrow(message))),
    ]);

    expect(found?.sort(), `${file}: ${translation}`).toEqual(expected?.sort());
  }
});

test.each(LANGUAGES)('plurals have all forms of the language (%s)', async (language) => {
  const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  // The Spanish form for millions.
  const needed = categories.filter((category) => language !== 'es' || category !== 'many');
  for (const { file, text, translation } of await messagesOf(language)) {
    if (!translation) continue;
    const forms = pluralForms(compileMessageOrThrow(translation));

    expect(forms.length, file).toBe(pluralForms(compileMessageOrThrow(text)).length);
    for (const plural of forms)
      expect(plural, `${file}: ${translation}`).toEqual(expect.arrayContaining(needed));
  }
});
