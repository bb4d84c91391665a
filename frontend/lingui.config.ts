import { readdirSync } from 'node:fs';
import { defineConfig } from '@lingui/cli';
import { formatter } from '@lingui/format-po';

/** Folders whose pages, and therefore texts, are not part of the first page: the portal and all features. */
const loadedLater = ['app/portal', ...readdirSync('src/features').map((name) => `features/${name}`)];

/** Code in `shared` whose texts belong to one of these folders, because only some features need it. */
const sharedCode: Record<string, string[]> = {
  'app/portal': ['src/shared/staff'],
  'features/find-a-time': ['src/shared/search', 'src/shared/time-picker'],
};

export default defineConfig({
  sourceLocale: 'en-GB',
  // en-US holds only the texts that differ: an empty translation means the British one.
  locales: ['en-GB', 'en-US'],
  catalogs: [
    {
      path: '<rootDir>/src/locales/{locale}',
      include: ['src'],
      exclude: [
        '**/*.test.*',
        'src/gen/**',
        ...Object.values(sharedCode).flatMap((folders) => folders.map((folder) => `${folder}/**`)),
        ...loadedLater.map((name) => `src/${name}/**`),
      ],
    },
    ...loadedLater.map((name) => ({
      path: `<rootDir>/src/${name}/locales/{locale}`,
      include: [`src/${name}`, ...(sharedCode[name] ?? [])],
    })),
  ],
  format: formatter({ origins: false }),
});
