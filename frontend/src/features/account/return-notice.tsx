import { Trans } from '@lingui/react/macro';
import { useSearchParams } from 'react-router';
import { returnPath } from '@/shared/paths/return-path';

/** Tells users who were sent here from another page that they return to it after signing in. */
export function ReturnNotice() {
  const [params] = useSearchParams();
  const next = returnPath(params);
  if (!next) return null;
  return (
    <p className="notice">
      {next.startsWith('/booking/') ? (
        <Trans>Your time and what you typed are kept. You go straight on to confirming.</Trans>
      ) : (
        <Trans>Please sign in to go on. You come straight back to where you were.</Trans>
      )}
    </p>
  );
}
