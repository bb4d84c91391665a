import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useClinic } from '@/shared/clinic/clinic-context';
import { timeInZone } from '@/shared/times/device-time';
import { errorText } from '@/shared/ui/error-text';
import { ExtendHoldDialog } from './extend-hold-dialog';
import type { StoredHold } from './stored-hold';
import type { HoldState } from './use-hold';
import { useHoldPhase } from './use-hold-phase';

interface HoldNoticeProps {
  hold: HoldState;
  /** The page for choosing another time. */
  otherTimesPath: string;
}

/** Says how long the time is held, and offers to extend the hold. */
export function HoldNotice({ hold, otherTimesPath }: HoldNoticeProps) {
  if (!hold.held) return null;
  return <HoldCountdown held={hold.held} hold={hold} otherTimesPath={otherTimesPath} />;
}

function HoldCountdown({ held, hold, otherTimesPath }: HoldNoticeProps & { held: StoredHold }) {
  const clinic = useClinic();
  const phase = useHoldPhase(held.endsAt);
  const [dismissedAt, setDismissedAt] = useState<number | null>(null);
  const until = `${timeInZone(held.heldUntil, clinic.time_zone)}, ${clinic.tz_label}`;
  return (
    <div className={phase === 'active' ? 'hold' : 'hold notice notice-warning'}>
      <div role="status">
        {phase === 'expired' ? (
          <p>
            <Trans>We are no longer holding this time. Your answers are saved.</Trans>
          </p>
        ) : (
          <p className="mb-0">
            <Trans>
              We are holding this time until <strong>{until}</strong>
            </Trans>
            {phase !== 'active' && (
              <span className="d-block">
                <Trans>You have less than 2 minutes left.</Trans>
              </span>
            )}
          </p>
        )}
      </div>
      {phase === 'expired' && <RenewHold hold={hold} />}
      {phase === 'last-seconds' && dismissedAt !== held.endsAt && (
        <ExtendHoldDialog
          until={until}
          hold={hold}
          otherTimesPath={otherTimesPath}
          close={() => setDismissedAt(held.endsAt)}
        />
      )}
    </div>
  );
}

function RenewHold({ hold: { extend, busy, error } }: { hold: HoldState }) {
  const { t } = useLingui();
  return (
    <>
      <button
        type="button"
        className="btn btn-outline-primary"
        aria-busy={busy || undefined}
        onClick={extend}
      >
        {busy ? t`Holding this time…` : t`Hold this time again`}
      </button>
      {error && !busy && (
        <p role="alert" className="field-error mt-2 mb-0">
          {errorText(error)}
        </p>
      )}
    </>
  );
}
