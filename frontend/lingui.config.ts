import { readdirSync } from 'node:fs';
import { defineConfig } from '@lingui/cli';
import { formatter } from '@lingui/format-po';

/** Folders whose pages, and therefore texts, are not part of the first page: the portal, all features but one. */
const loadedLater = [
  'app/portal',
  ...readdirSync('src/features')
    .filter((name) => name !== 'find-a-time')
    .map((name) => `features/${name}`),
];

const firstPage = {
  path: '<rootDir>/src/locales/{locale}',
  include: ['src'],
  exclude: [
    '**/*.test.*',
    'src/gen/**',
    'src/shared/staff/**',
    ...loadedLater.map((name) => `src/${name}/**`),
  ],
};

const catalogueOf = (name: string) => ({
  path: `<rootDir>/src/${name}/locales/{locale}`,
  // The code that the portal's features share belongs to its texts.
  include: [`src/${name}`, ...(name === 'app/portal' ? ['src/shared/staff'] : [])],
});

/** The catalogues of pages that patients see. Only these are translated: staff read English. */
export const patientCatalogues = [
  firstPage,
  ...loadedLater.filter((name) => !/portal/.test(name)).map(catalogueOf),
];

export default defineConfig({
  sourceLocale: 'en-GB',
  // en-US holds only the texts that differ: an empty translation means the British one.
  locales: ['en-GB', 'en-US'],
  catalogs: [firstPage, ...loadedLater.map(catalogueOf)],
  format: formatter({ origins: false }),
});
