import { defineConfig } from '@lingui/cli';
import { formatter } from '@lingui/format-po';

/** Features whose pages, and therefore texts, are not part of the first page. */
const loadedLater = ['account', 'appointments', 'booking', 'calendar', 'my-data', 'people', 'schedule'];

export default defineConfig({
  sourceLocale: 'en-GB',
  // en-US holds only the texts that differ: an empty translation means the British one.
  locales: ['en-GB', 'en-US'],
  catalogs: [
    {
      path: '<rootDir>/src/locales/{locale}',
      include: ['src'],
      exclude: ['**/*.test.*', 'src/gen/**', ...loadedLater.map((name) => `src/features/${name}/**`)],
    },
    ...loadedLater.map((name) => ({
      path: `<rootDir>/src/features/${name}/locales/{locale}`,
      include: [`src/features/${name}`],
    })),
  ],
  format: formatter({ origins: false }),
});
