import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { NewFeed } from '@/shared/api/types';
import { useFocusOn } from '@/shared/ui/use-focus-on';

/** Shows the URL of a new calendar link. It cannot be shown again. */
export function NewLink({ feed }: { feed: NewFeed }) {
  const { t } = useLingui();
  const heading = useFocusOn<HTMLHeadingElement>(feed);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(feed.url);
    setCopied(true);
  };
  return (
    <section aria-labelledby="new-link" className="notice notice-success">
      <h2 id="new-link" ref={heading} tabIndex={-1} className="h5">
        <Trans>Calendar link for “{feed.name}”</Trans>
      </h2>
      <p>
        <Trans>
          We only show this link once. Anyone who has it can see your appointments, so do not share it.
        </Trans>
      </p>
      <input
        readOnly
        className="form-control mb-3"
        aria-label={t`Calendar link`}
        value={feed.url}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div className="actions">
        <a className="btn btn-primary" href={feed.url.replace(/^https?:/, 'webcal:')}>
          <Trans>Add to my calendar</Trans>
        </a>
        {navigator.clipboard && (
          <button
            type="button"
            className="btn btn-outline-primary"
            onClick={() => copy().catch(() => undefined)}
          >
            <Trans>Copy link</Trans>
          </button>
        )}
      </div>
      <p role="status" className="mb-0">
        {copied && <Trans>Copied.</Trans>}
      </p>
    </section>
  );
}
