import { Trans } from '@lingui/react/macro';
import { useSearchParams } from 'react-router';
import { returnPath } from '@/shared/session/return-path';

/** Says to somebody who is booking that nothing is lost by signing in. */
export function OnTheWay() {
  const [params] = useSearchParams();
  if (!returnPath(params)?.startsWith('/booking/')) return null;
  return (
    <p className="notice">
      <Trans>Your time and what you typed are kept. You go straight on to confirming.</Trans>
    </p>
  );
}
