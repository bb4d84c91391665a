import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { openSlotsQuery } from '@/shared/api/list-open-slots';
import type { Slot } from '@/shared/api/types';
import { addDays } from '@/shared/times/dates';
import { shortDateTime } from '@/shared/times/format';

const DAYS = 13;
const SHOWN = 8;

interface FreeTimesProps {
  doctor: string;
  date: string;
  moving: string;
  choose: (slot: Slot) => void;
}

/** Buttons with the doctor's next free times from a date on. */
export function FreeTimes({ doctor, date, moving, choose }: FreeTimesProps) {
  const slots = useQuery(openSlotsQuery({ doctor, from: date, to: addDays(date, DAYS), moving }));
  if (!slots.data) return null;
  return (
    <section aria-labelledby="free-times" className="move-free">
      <h2 id="free-times">
        <Trans>Next free times</Trans>
      </h2>
      {slots.data.length === 0 ? (
        <p>
          <Trans>There are no free times in the two weeks from this date.</Trans>
        </p>
      ) : (
        <ul>
          {slots.data.slice(0, SHOWN).map((slot) => (
            <li key={slot.id}>
              <button type="button" className="btn btn-outline-primary" onClick={() => choose(slot)}>
                {shortDateTime(slot)}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
