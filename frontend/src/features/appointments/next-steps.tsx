import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { BookedVisit, Booking } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { PhoneLink } from '@/shared/clinic/clinic-phone';
import { CancellationPolicy } from './cancellation-policy';

const UPCOMING: Booking['status'][] = ['HELD', 'PENDING', 'CONFIRMED'];

export function NextSteps({ booking }: { booking: Booking }) {
  const clinic = useClinic();
  const phone = booking.place?.phone || clinic.phone;
  if (booking.status === 'CANCELLED') {
    return (
      <p>
        <Trans>
          The time is free for somebody else now.{' '}
          <Link to={`/doctors/${booking.doctor.id}`}>
            Find another time with {booking.doctor.display_name}
          </Link>
        </Trans>
      </p>
    );
  }
  if (!UPCOMING.includes(booking.status)) return null;
  return (
    <section>
      <h2 className="h5">
        <Trans>What happens next</Trans>
      </h2>
      <ul>
        {booking.status === 'PENDING' && (
          <li>
            <Trans>The clinic will confirm it, and we write to you then.</Trans>
          </li>
        )}
        <li>
          <HowToAttend mode={booking.visit_type?.mode} />
        </li>
        <li>
          <CancellationPolicy />
        </li>
        {phone && (
          <li>
            <Trans>
              Questions? Call us on <PhoneLink number={phone} />.
            </Trans>
          </li>
        )}
      </ul>
    </section>
  );
}

function HowToAttend({ mode }: { mode: BookedVisit['mode'] | undefined }) {
  if (mode === 'video') return <Trans>Open the link to the video call at your time.</Trans>;
  if (mode === 'phone') return <Trans>Have your telephone with you at your time: we call you.</Trans>;
  return <Trans>Come to the clinic shortly before your time.</Trans>;
}
