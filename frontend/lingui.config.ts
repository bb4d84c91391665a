import { readdirSync } from 'node:fs';
import { defineConfig } from '@lingui/cli';
import { formatter } from '@lingui/format-po';

/** Folders whose pages, and therefore texts, are not part of the first page: the portal and all features. */
const loadedLater = ['app/portal', ...readdirSync('src/features').map((name) => `features/${name}`)];

/** Code in `shared` whose texts belong to some of these folders, because only their pages need it. */
const sharedCode: Record<string, string[]> = {
  'app/portal': ['src/shared/staff'],
  'features/account': ['src/shared/email-code'],
  'features/booking': ['src/shared/email-code', 'src/shared/booking-steps'],
  'features/find-a-time': ['src/shared/search', 'src/shared/time-picker', 'src/shared/booking-steps'],
};

const firstPage = {
  path: '<rootDir>/src/locales/{locale}',
  include: ['src'],
  exclude: [
    '**/*.test.*',
    'src/gen/**',
    ...Object.values(sharedCode).flatMap((folders) => folders.map((folder) => `${folder}/**`)),
    ...loadedLater.map((name) => `src/${name}/**`),
  ],
};

const catalogueOf = (name: string) => ({
  path: `<rootDir>/src/${name}/locales/{locale}`,
  include: [`src/${name}`, ...(sharedCode[name] ?? [])],
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
