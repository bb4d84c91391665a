import { useLingui } from '@lingui/react/macro';
import type { Booking } from '@/shared/api/types';
import { Icon, type IconName } from './icon';

type Status = Booking['status'];

const ICONS: Record<Status | 'WILL_COME', IconName> = {
  HELD: 'hold',
  PENDING: 'question',
  CONFIRMED: 'check',
  WILL_COME: 'double-check',
  CHECKED_IN: 'arrived',
  IN_PROGRESS: 'play',
  COMPLETED: 'done',
  NO_SHOW: 'absent',
  CANCELLED: 'cancelled',
};

interface WithStatus {
  status: Status;
  attendance_confirmed_at?: string | null;
}

/** The status, or that the patient has confirmed that they will come. */
function shownStatus({ status, attendance_confirmed_at }: WithStatus): Status | 'WILL_COME' {
  return status === 'CONFIRMED' && attendance_confirmed_at ? 'WILL_COME' : status;
}

/** Returns the class that colours something by the status of its booking. */
export const statusClass = (booking: WithStatus) =>
  `visit-${shownStatus(booking).toLowerCase().replace('_', '-')}`;

/** Returns the status of a booking in words for staff. */
export function useStatusText(): (booking: WithStatus) => string {
  const { t } = useLingui();
  const texts: Record<Status | 'WILL_COME', string> = {
    HELD: t`Held`,
    PENDING: t`Requested`,
    CONFIRMED: t`Confirmed`,
    WILL_COME: t`Patient confirmed`,
    CHECKED_IN: t`Arrived`,
    IN_PROGRESS: t`In progress`,
    COMPLETED: t`Completed`,
    NO_SHOW: t`No-show`,
    CANCELLED: t`Cancelled`,
  };
  return (booking) => texts[shownStatus(booking)];
}

export function StatusIcon({ booking }: { booking: WithStatus }) {
  return <Icon name={ICONS[shownStatus(booking)]} />;
}

/** The status of a booking as text with an icon. The colour repeats it. */
export function StatusBadge({ booking }: { booking: WithStatus }) {
  const text = useStatusText();
  return (
    <span className={`status-badge ${statusClass(booking)}`}>
      <StatusIcon booking={booking} />
      {text(booking)}
    </span>
  );
}
