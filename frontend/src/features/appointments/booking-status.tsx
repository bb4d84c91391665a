import { useLingui } from '@lingui/react/macro';
import type { Booking } from '@/shared/api/types';

/** The status as text. The colour repeats it. */
export function BookingStatus({ status }: { status: Booking['status'] }) {
  const { t } = useLingui();
  const labels: Record<Booking['status'], string> = {
    HELD: t`Held for you`,
    PENDING: t`Waiting for confirmation`,
    CONFIRMED: t`Confirmed`,
    CHECKED_IN: t`Checked in`,
    IN_PROGRESS: t`In progress`,
    COMPLETED: t`Completed`,
    CANCELLED: t`Cancelled`,
    NO_SHOW: t`Missed`,
  };
  return <span className={`status status-${status.toLowerCase()}`}>{labels[status]}</span>;
}
