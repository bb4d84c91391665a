import { Trans } from '@lingui/react/macro';
import { deviceTime, type Moment } from './device-time';
import { endOf, fullDay, timeOf } from './format';

/** The other clock, said only to somebody whose device shows another time than the clinic's wall. */
export function OnYourClock({ moment }: { moment: Moment }) {
  const there = deviceTime(moment);
  if (!there) return null;
  return (
    <span className="d-block small text-body-secondary">
      <Trans>{there} where you are</Trans>
    </span>
  );
}

interface WhenProps {
  moment: Moment & { local_end_time: string; tz_label: string };
}

export function When({ moment }: WhenProps) {
  return (
    <>
      <time className="d-block fw-semibold" dateTime={moment.starts_at}>
        {fullDay(moment.local_date)}
      </time>
      <span className="d-block">
        <Trans>
          {timeOf(moment)} to {endOf(moment)}, {moment.tz_label}
        </Trans>
      </span>
      <OnYourClock moment={moment} />
    </>
  );
}
