import { Trans, useLingui } from '@lingui/react/macro';
import type { Outcome, RestoredBooking } from '@/gen';
import { dateAndTimeInZone } from '@/shared/times/device-time';
import { shortDateTime } from '@/shared/times/format';

/** The result for each appointment. Appointments that could not be changed come first. */
export function Outcomes({ outcomes }: { outcomes: Outcome[] }) {
  const { t } = useLingui();
  const texts = { kept: t`Kept`, moved: t`Moved`, cancelled: t`Cancelled` };
  const refused = outcomes.filter((row) => row.refused);
  return (
    <>
      {refused.length > 0 && (
        <p className="notice notice-warning">
          <Trans>
            {refused.length} of {outcomes.length} appointments could not be changed.
          </Trans>
        </p>
      )}
      <ul className="list-unstyled outcome-list">
        {[...refused, ...outcomes.filter((row) => !row.refused)].map((row) => (
          <li key={row.booking.id}>
            <strong>{row.booking.patient.name}</strong>,{' '}
            {dateAndTimeInZone(row.old_starts_at, row.booking.time_zone)}
            {': '}
            {texts[row.done]}
            {row.done === 'moved' && ` → ${shortDateTime(row.booking)}, ${row.booking.doctor.display_name}`}
            {row.refused && <span className="d-block text-danger-emphasis">{row.refused.message}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}

/** The result for each appointment after time off was removed. */
export function RestoredBookings({ bookings }: { bookings: RestoredBooking[] }) {
  const { t } = useLingui();
  const texts = {
    moved_back: t`moved back to`,
    booked_again: t`booked again for`,
    left: t`left as it is:`,
  };
  return (
    <ul className="list-unstyled outcome-list">
      {bookings.map(({ booking, done, refused }) => (
        <li key={booking.id}>
          <strong>{booking.patient.name}</strong> {texts[done]} {refused?.message ?? shortDateTime(booking)}
        </li>
      ))}
    </ul>
  );
}
