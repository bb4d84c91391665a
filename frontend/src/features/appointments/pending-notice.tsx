import { Trans } from '@lingui/react/macro';
import type { Booking } from '@/shared/api/types';

/** Explains that the clinic has not confirmed the booking yet. */
export function PendingNotice({ booking: { status } }: { booking: Booking }) {
  if (status !== 'PENDING') return null;
  return (
    <p>
      <Trans>We have your request. The clinic will confirm it.</Trans>
    </p>
  );
}
