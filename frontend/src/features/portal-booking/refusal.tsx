import { Trans } from '@lingui/react/macro';
import type { BookingPanel as Booking } from '@/gen';
import { isApiError } from '@/shared/api/api-error';
import { StatusBadge } from '@/shared/staff/booking-status';
import { startTime } from '@/shared/times/format';
import { errorText } from '@/shared/ui/error-text';

interface RefusalProps {
  /** The error, and the status that was shown when the user acted. */
  refusal: { error: unknown; status: Booking['status'] } | undefined;
  /** The booking as it was read again since. */
  booking: Booking;
}

/** Says why an action was refused. If somebody else was faster, says who and shows the present state. */
export function Refusal({ refusal, booking }: RefusalProps) {
  if (!refusal) return null;
  const { error, status } = refusal;
  const last = booking.events.at(-1);
  const isStale = isApiError(error, 'booking_over', 'too_early') && status !== booking.status && last;
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
        </>
      ) : (
        <p>{errorText(error)}</p>
      )}
    </div>
  );
}
