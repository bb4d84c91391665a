import { defineConfig } from '@lingui/cli';
import { formatter } from '@lingui/format-po';

/** Features whose pages are loaded when somebody goes there: their texts come with them, not with the first page. */
const loadedLater = ['account', 'appointments', 'booking', 'calendar', 'my-data', 'people', 'schedule'];

export default defineConfig({
  sourceLocale: 'en',
  locales: ['en'],
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
