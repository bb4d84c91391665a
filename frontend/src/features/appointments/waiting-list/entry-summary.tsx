import { Trans } from '@lingui/react/macro';
import type { WaitlistEntry } from '@/shared/api/types';
import { ForWhom } from '@/shared/bookings/patient-name';
import { shortDay } from '@/shared/times/format';
import { weekdayNames } from '@/shared/times/weekdays';

/** With whom and for what. */
export function wishName({ doctor, specialty, visit_type }: WaitlistEntry): string {
  return [doctor?.display_name ?? specialty?.name, visit_type?.name].filter(Boolean).join(', ');
}

const weekdaysOf = ({ weekdays }: WaitlistEntry) =>
  weekdayNames()
    .filter((_name, day) => weekdays.includes(day))
    .join(', ');

/** What somebody waits for. */
export function Wish({ entry }: { entry: WaitlistEntry }) {
  return (
    <>
      <strong className="d-block">{wishName(entry)}</strong>
      {entry.from === entry.to ? (
        <Trans>On {shortDay(entry.from)}</Trans>
      ) : (
        <Trans>
          From {shortDay(entry.from)} to {shortDay(entry.to)}
        </Trans>
      )}
      {entry.weekdays.length < 7 && <span className="d-block">{weekdaysOf(entry)}</span>}
      <ForWhom patient={entry.patient} />
    </>
  );
}
