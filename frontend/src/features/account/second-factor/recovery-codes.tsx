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
      <PageHeading title={t`Save your recovery codes`} />
      <p>
        <Trans>
          Use a code to sign in when you do not have your phone. Each code works once. We only show the codes
          now, so print them or save them in a safe place.
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
        <Trans>I have saved my codes</Trans>
      </button>
    </>
  );
}
