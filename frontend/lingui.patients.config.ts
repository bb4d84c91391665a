import { defineConfig } from '@lingui/cli';
import { formatter } from '@lingui/format-po';
import { patientCatalogues } from './lingui.config.ts';

/** The comment of a text that nobody has reviewed since it was added. A reviewer deletes it. */
const NOT_REVIEWED = 'machine translation, not reviewed';

const po = formatter({ origins: true, lineNumbers: false });

/** The languages of patients that people translate into. Extraction keeps their translations. */
export default defineConfig({
  sourceLocale: 'en-GB',
  locales: ['es', 'de', 'ar'],
  catalogs: patientCatalogues,
  format: {
    ...po,
    serialize(catalogue, context) {
      for (const message of Object.values(catalogue)) {
        const extra = message.extra as { translatorComments?: string[] } | undefined;
        if (!message.translation && !extra?.translatorComments?.length)
          message.extra = { ...extra, translatorComments: [NOT_REVIEWED] };
      }
      return po.serialize(catalogue, context);
    },
  },
});
