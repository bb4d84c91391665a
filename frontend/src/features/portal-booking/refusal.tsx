import { Trans } from '@lingui/react/macro';
import type { BookingPanel as Booking } from '@/gen';
import { isApiError } from '@/shared/api/api-error';
import { StatusBadge } from '@/shared/staff/booking-status';
import { shortDateTime, startTime } from '@/shared/times/format';
import { errorText } from '@/shared/ui/error-text';

interface RefusalProps {
  /** The error, and the booking that was shown when the user acted. */
  refusal: { error: unknown; seen: Booking } | undefined;
  /** The booking as it was read again since. */
  booking: Booking;
}

/** Says why an action was refused. If somebody else was faster, says who and shows the present state. */
export function Refusal({ refusal, booking }: RefusalProps) {
  if (!refusal) return null;
  const { error, seen } = refusal;
  const last = booking.events.at(-1);
  const isMoved = seen.version !== booking.version;
  const isStale =
    isApiError(error, 'booking_over', 'too_early', 'booking_changed') &&
    (seen.status !== booking.status || isMoved) &&
    last;
  return (
    <div role="alert" className="notice notice-danger">
      {isStale ? (
        <>
          <p>
            <Trans>
              Someone else has changed this booking, so your change was not saved. Last change: {last.text},{' '}
              {startTime(last.when)}, {last.by}.
            </Trans>
          </p>
          <p>
            <Trans>Its status now:</Trans> <StatusBadge booking={booking} />
          </p>
          {isMoved && (
            <p>
              <Trans>
                Its time now: {shortDateTime(booking)}, {booking.tz_label}, {booking.doctor.display_name}
              </Trans>
            </p>
          )}
        </>
      ) : (
        <p>{errorText(error)}</p>
      )}
    </div>
  );
}
