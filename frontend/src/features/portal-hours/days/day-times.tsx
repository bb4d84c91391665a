import { Plural, Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type DayChange, previewDayQuery } from './exceptions';

const PAUSE_MS = 350;

/** The number of times of the day before and after the change. */
export function DayTimes({ doctor, change }: { doctor: string | undefined; change: DayChange }) {
  const [asked, setAsked] = useState(change);
  const key = JSON.stringify(change);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the change, a new object on each render
  useEffect(() => {
    const timer = setTimeout(() => setAsked(change), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [key]);
  const { data } = useQuery(previewDayQuery(doctor, asked));
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
