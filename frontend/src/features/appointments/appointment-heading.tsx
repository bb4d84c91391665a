import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { Booking } from '@/shared/api/types';
import { shortDateTime } from '@/shared/times/format';
import { PageHeading } from '@/shared/ui/page-heading';

interface AppointmentHeadingProps {
  booking: Booking;
  /** What the user has just done; null when they only view the appointment. */
  outcome: 'booked' | 'moved' | null;
}

/** The heading of the appointment page, with the result of the last action. */
export function AppointmentHeading({ booking, outcome }: AppointmentHeadingProps) {
  const { t } = useLingui();
  if (booking.status === 'CANCELLED') return <PageHeading title={t`Your appointment has been cancelled`} />;
  if (!outcome) return <PageHeading title={t`Appointment on ${shortDateTime(booking)}`} />;
  if (booking.status === 'PENDING') {
    return (
      <Outcome title={t`We have received your request`} pending>
        <Trans>The clinic will check your request. We are holding this time for you until then.</Trans>
      </Outcome>
    );
  }
  if (outcome === 'moved') {
    return (
      <Outcome title={t`Your appointment has been changed`}>
        <Trans>We will email you the new time and a calendar file.</Trans>
      </Outcome>
    );
  }
  return (
    <Outcome title={t`Your appointment is booked`}>
      <Trans>We will email you these details and a calendar file.</Trans>
    </Outcome>
  );
}

interface OutcomeProps {
  title: string;
  pending?: boolean;
  children: ReactNode;
}

function Outcome({ title, pending = false, children }: OutcomeProps) {
  return (
    <div className={pending ? 'outcome outcome-pending' : 'outcome'}>
      <PageHeading title={title} className="mb-2" />
      <p className="mb-0">{children}</p>
    </div>
  );
}
