import { Trans } from '@lingui/react/macro';
import { wasIdle } from '@/shared/session/idle-session';

/** Tells staff why they were signed out. */
export function IdleNotice() {
  if (!wasIdle()) return null;
  return (
    <p className="notice" role="status">
      <Trans>You were signed out because there was no activity.</Trans>
    </p>
  );
}
