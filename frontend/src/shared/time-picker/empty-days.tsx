import { Trans } from '@lingui/react/macro';
import { shortDate } from '@/shared/times/format';

interface EmptyDaysProps {
  dates: string[];
  /** The next day of this week with times. */
  until: string | undefined;
}

export function EmptyDays({ dates, until }: EmptyDaysProps) {
  const [first = '', last = ''] = [dates.at(0), dates.at(-1)];
  return (
    <p className={`empty-days span-${dates.length}`}>
      {until ? (
        <Trans>
          No times until <a href={`#${until}`}>{shortDate(until)}</a>
        </Trans>
      ) : first === last ? (
        <Trans>No times on {shortDate(first)}</Trans>
      ) : (
        <Trans>
          No times from {shortDate(first)} to {shortDate(last)}
        </Trans>
      )}
    </p>
  );
}
