import { createCompiledCatalog } from '@lingui/cli/api';
import { formatter } from '@lingui/format-po';
import type { Plugin } from 'vite';

/**
 * Compiles `….po?overrides` to the translated messages only. Lingui's own plugin adds all messages of the source
 * locale; an American catalogue needs only the few that differ from British English.
 */
export function linguiOverrides(): Plugin {
  const po = formatter();
  return {
    name: 'lingui-overrides',
    transform: {
      filter: { id: /\.po\?overrides$/ },
      async handler(source) {
        const catalogue = await po.parse(source, { locale: 'en-US', sourceLocale: 'en-GB', filename: '' });
        const messages = Object.fromEntries(
          Object.entries(catalogue).flatMap(([id, { translation }]) =>
            translation ? [[id, translation]] : [],
          ),
        );
        const { source: code, errors } = createCompiledCatalog('en-US', messages, { namespace: 'es' });
        if (errors.length > 0)
          throw new Error(`Messages do not compile: ${errors.map(({ id }) => id).join(', ')}`);
        return { code, map: null, moduleType: 'js' };
      },
    },
  };
}
