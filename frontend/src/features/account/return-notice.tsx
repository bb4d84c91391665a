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
        <Trans>We have saved your answers. Sign in or register, then confirm your appointment.</Trans>
      ) : (
        <Trans>Sign in or register to continue. You then return to the page you were on.</Trans>
      )}
    </p>
  );
}
