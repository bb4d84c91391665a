import { Trans } from '@lingui/react/macro';

/** Says where the code was sent. */
export function CodeSent({ email }: { email: string }) {
  return (
    <p>
      <Trans>
        We have emailed a code to <strong className="text-break">{email}</strong>. It can take a minute to
        arrive. If it does not, check your spam folder.
      </Trans>
    </p>
  );
}
