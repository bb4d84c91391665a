import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useClinic } from '@/shared/clinic/clinic-context';
import { clockIn } from '@/shared/times/device-time';
import { explain } from '@/shared/ui/error-text';
import { KeepDialog } from './extend-hold-dialog';
import type { HeldTime } from './stored-hold';
import type { Holding } from './use-hold';
import { useHoldPhase } from './use-hold-phase';

interface HoldNoticeProps {
  hold: Holding;
  /** Where another time is chosen. */
  others: string;
}

/** How long the time is held, and what to do when that comes to its end. */
export function HoldNotice({ hold, others }: HoldNoticeProps) {
  if (!hold.held) return null;
  return <Held held={hold.held} hold={hold} others={others} />;
}

function Held({ held, hold, others }: HoldNoticeProps & { held: HeldTime }) {
  const clinic = useClinic();
  const phase = useHoldPhase(held.endsAt);
  const [refusedAt, setRefusedAt] = useState<number | null>(null);
  const until = `${clockIn(held.heldUntil, clinic.time_zone)}, ${clinic.tz_label}`;
  return (
    <div className={phase === 'held' ? 'hold' : 'hold notice notice-warning'}>
      <div role="status">
        {phase === 'over' ? (
          <p>
            <Trans>We are no longer holding this time. What you typed is kept.</Trans>
          </p>
        ) : (
          <p className="mb-0">
            <Trans>
              We’re holding this time until <strong>{until}</strong>
            </Trans>
            {phase !== 'held' && (
              <span className="d-block">
                <Trans>That is less than two minutes.</Trans>
              </span>
            )}
          </p>
        )}
      </div>
      {phase === 'over' && <HoldAgain hold={hold} />}
      {phase === 'last' && refusedAt !== held.endsAt && (
        <KeepDialog until={until} hold={hold} others={others} close={() => setRefusedAt(held.endsAt)} />
      )}
    </div>
  );
}

function HoldAgain({ hold: { again, busy, error } }: { hold: Holding }) {
  const { t } = useLingui();
  return (
    <>
      <button type="button" className="btn btn-outline-primary" aria-busy={busy || undefined} onClick={again}>
        {busy ? t`Holding…` : t`Hold it again`}
      </button>
      {error && !busy && (
        <p role="alert" className="field-error mt-2 mb-0">
          {explain(error)}
        </p>
      )}
    </>
  );
}
