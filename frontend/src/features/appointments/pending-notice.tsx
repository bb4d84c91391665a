import { Trans } from '@lingui/react/macro';
import type { Booking } from '@/shared/api/types';

/** Explains that the clinic has not confirmed the booking yet. */
export function PendingNotice({ booking: { status } }: { booking: Booking }) {
  if (status !== 'PENDING') return null;
  return (
    <p>
      <Trans>The clinic has not confirmed this appointment yet.</Trans>
    </p>
  );
}
