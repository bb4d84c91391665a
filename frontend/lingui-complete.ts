import { createCompiledCatalog } from '@lingui/cli/api';
import { formatter } from '@lingui/format-po';
import type { Plugin } from 'vite';

/**
 * Compiles `….po?complete`, the catalogue of another locale than the source. A text that is not translated, or is
 * the same in American English, is there as it is in the source.
 */
export function linguiComplete(): Plugin {
  const po = formatter();
  return {
    name: 'lingui-complete',
    transform: {
      filter: { id: /\.po\?complete$/ },
      async handler(source, id) {
        const locale = /([\w-]+)\.po\?/.exec(id)?.[1] ?? '';
        const catalogue = await po.parse(source, { locale, sourceLocale: 'en-GB', filename: id });
        const messages = Object.fromEntries(
          Object.entries(catalogue).map(([key, { translation, message }]) => [
            key,
            translation || message || key,
          ]),
        );
        const { source: code, errors } = createCompiledCatalog(locale, messages, { namespace: 'es' });
        if (errors.length > 0)
          throw new Error(`Messages do not compile: ${errors.map(({ id }) => id).join(', ')}`);
        return { code, map: null, moduleType: 'js' };
      },
    },
  };
}
