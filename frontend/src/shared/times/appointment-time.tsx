import { Trans } from '@lingui/react/macro';
import { deviceTime, type ZonedTime } from './device-time';
import { endTime, fullDate, startTime } from './format';

/** The time in the device's time zone, if it differs from the clinic's. */
export function DeviceTime({ time }: { time: ZonedTime }) {
  const there = deviceTime(time);
  if (!there) return null;
  return (
    <span className="d-block small text-body-secondary">
      <Trans>{there} where you are</Trans>
    </span>
  );
}

interface AppointmentTimeProps {
  time: ZonedTime & { local_end_time: string; tz_label: string };
}

export function AppointmentTime({ time }: AppointmentTimeProps) {
  return (
    <>
      <time className="d-block fw-semibold" dateTime={time.starts_at}>
        {fullDate(time.local_date)}
      </time>
      <span className="d-block">
        <Trans>
          {startTime(time)} to {endTime(time)}, {time.tz_label}
        </Trans>
      </span>
      <DeviceTime time={time} />
    </>
  );
}
