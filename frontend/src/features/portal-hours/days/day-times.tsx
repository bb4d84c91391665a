import { Plural, Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useDebounced } from '@/shared/staff/use-debounced';
import { type DayChange, previewDayQuery } from './exceptions';

const PAUSE_MS = 350;

/** The number of times of the day before and after the change. */
export function DayTimes({ doctor, change }: { doctor: string | undefined; change: DayChange }) {
  const { data } = useQuery(previewDayQuery(doctor, useDebounced(change, PAUSE_MS)));
  if (!data) return null;
  return (
    <p role="status" className="hours-total">
      {data.before === data.after ? (
        <Plural
          value={data.after}
          _0="No times on this day"
          one="# time on this day"
          other="# times on this day"
        />
      ) : (
        <Trans>
          {data.before} → {data.after} times on this day
        </Trans>
      )}
    </p>
  );
}
