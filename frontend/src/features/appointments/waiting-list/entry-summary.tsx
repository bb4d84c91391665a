import { Trans } from '@lingui/react/macro';
import type { WaitlistEntry } from '@/shared/api/types';
import { PatientName } from '@/shared/bookings/patient-name';
import { shortDate } from '@/shared/times/format';
import { weekdays as allWeekdays } from '@/shared/times/weekdays';

/** "Dr Jane Smith, Check-up" */
export function entryTitle({ doctor, specialty, visit_type }: WaitlistEntry): string {
  return [doctor?.display_name ?? specialty?.name, visit_type?.name].filter(Boolean).join(', ');
}

const weekdaysOf = ({ weekdays }: WaitlistEntry) =>
  allWeekdays()
    .filter(({ number }) => weekdays.includes(number))
    .map(({ name }) => name)
    .join(', ');

/** The doctor, days and patient of a waiting list entry. */
export function EntrySummary({ entry }: { entry: WaitlistEntry }) {
  return (
    <>
      <strong className="d-block">{entryTitle(entry)}</strong>
      {entry.from === entry.to ? (
        <Trans>On {shortDate(entry.from)}</Trans>
      ) : (
        <Trans>
          From {shortDate(entry.from)} to {shortDate(entry.to)}
        </Trans>
      )}
      {entry.weekdays.length < 7 && <span className="d-block">{weekdaysOf(entry)}</span>}
      <PatientName patient={entry.patient} />
    </>
  );
}
