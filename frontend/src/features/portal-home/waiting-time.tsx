import { Plural, Trans } from '@lingui/react/macro';
import { Icon } from '@/shared/staff/icon';
import type { Visit } from './board';
import { minutesSince, stageOf } from './stages';

/** From how many minutes on a wait is long. */
const LONG_WAIT = 15;

/** How long the patient has been waiting, or is late. Nothing at other stages. */
export function WaitingTime({ visit, now }: { visit: Visit; now: number }) {
  const stage = stageOf(visit, now);
  if (stage === 'late') {
    const minutes = minutesSince(visit.starts_at, now);
    return (
      <span className="wait wait-long">
        <Icon name="clock" />
        {minutes < 60 ? (
          <Plural value={minutes} one="# minute late" other="# minutes late" />
        ) : (
          <Trans>More than an hour late</Trans>
        )}
      </span>
    );
  }
  if (stage !== 'arrived' || !visit.arrived_at) return null;
  const minutes = Math.max(0, minutesSince(visit.arrived_at, now));
  return (
    <span className={minutes >= LONG_WAIT ? 'wait wait-long' : 'wait'}>
      <Icon name="clock" />
      {minutes === 0 ? (
        <Trans>Just arrived</Trans>
      ) : (
        <Plural value={minutes} one="Waiting # minute" other="Waiting # minutes" />
      )}
    </span>
  );
}
