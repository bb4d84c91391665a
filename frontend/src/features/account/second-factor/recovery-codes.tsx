import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { PageHeading } from '@/shared/ui/page-heading';

/** Shows new recovery codes. They cannot be shown again: the server stores only hashes. */
export function RecoveryCodes({ codes, onContinue }: { codes: string[]; onContinue: () => void }) {
  const { t } = useLingui();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(codes.join('\n'));
    setCopied(true);
  };
  return (
    <>
      <PageHeading title={t`Keep these recovery codes`} />
      <p>
        <Trans>
          Each lets you in once, on a day on which you do not have your phone. They are shown only now: print
          them, or copy them to a safe place.
        </Trans>
      </p>
      <ul className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p className="d-flex flex-wrap gap-2">
        <button type="button" className="btn btn-outline-primary" onClick={() => window.print()}>
          <Trans>Print</Trans>
        </button>
        <button type="button" className="btn btn-outline-primary" onClick={copy}>
          <Trans>Copy</Trans>
        </button>
        <span role="status" className="align-self-center">
          {copied && <Trans>Copied</Trans>}
        </span>
      </p>
      <button type="button" className="btn btn-primary btn-lg" onClick={onContinue}>
        <Trans>I have kept them: go on</Trans>
      </button>
    </>
  );
}
