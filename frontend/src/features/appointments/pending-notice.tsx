import { Trans } from '@lingui/react/macro';
import type { Booking } from '@/shared/api/types';

/** What it means that a booking is not confirmed yet. */
export function Requested({ booking: { status } }: { booking: Booking }) {
  if (status !== 'PENDING') return null;
  return (
    <p>
      <Trans>We have your request. The clinic will confirm it.</Trans>
    </p>
  );
}
