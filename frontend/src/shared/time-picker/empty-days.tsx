import { Trans } from '@lingui/react/macro';
import { shortDay } from '@/shared/times/format';

interface EmptyDaysProps {
  dates: string[];
  /** The next day of this week that has times. */
  until: string | undefined;
}

export function EmptyDays({ dates, until }: EmptyDaysProps) {
  const [first = '', last = ''] = [dates.at(0), dates.at(-1)];
  return (
    <p className={`empty-days span-${dates.length}`}>
      {until ? (
        <Trans>
          No times until <a href={`#${until}`}>{shortDay(until)}</a>
        </Trans>
      ) : first === last ? (
        <Trans>No times on {shortDay(first)}</Trans>
      ) : (
        <Trans>
          No times from {shortDay(first)} to {shortDay(last)}
        </Trans>
      )}
    </p>
  );
}
