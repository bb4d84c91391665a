import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { Booking } from '@/shared/api/types';
import { shortMoment } from '@/shared/times/format';
import { PageHeading } from '@/shared/ui/page-heading';

interface HeadlineProps {
  booking: Booking;
  /** What was just done to it. */
  news: 'booked' | 'moved' | null;
}

/** What there is to say of the appointment first. */
export function Headline({ booking, news }: HeadlineProps) {
  const { t } = useLingui();
  if (booking.status === 'CANCELLED') return <PageHeading title={t`Your appointment is cancelled`} />;
  if (!news) return <PageHeading title={t`Appointment on ${shortMoment(booking)}`} />;
  if (booking.status === 'PENDING') {
    return (
      <Done title={t`We have your request`} pending>
        <Trans>The clinic will confirm it. The time is kept for you until then.</Trans>
      </Done>
    );
  }
  if (news === 'moved') {
    return (
      <Done title={t`Your appointment is moved`}>
        <Trans>We are sending you an e-mail with the new time and a file for your calendar.</Trans>
      </Done>
    );
  }
  return (
    <Done title={t`Your appointment is booked`}>
      <Trans>We are sending you an e-mail with these details and a file for your calendar.</Trans>
    </Done>
  );
}

interface DoneProps {
  title: string;
  pending?: boolean;
  children: ReactNode;
}

function Done({ title, pending = false, children }: DoneProps) {
  return (
    <div className={pending ? 'done done-pending' : 'done'}>
      <PageHeading title={title} className="mb-2" />
      <p className="mb-0">{children}</p>
    </div>
  );
}
