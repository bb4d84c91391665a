import { Trans } from '@lingui/react/macro';
import type { BookedVisit, Booking } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { PhoneLink } from '@/shared/clinic/clinic-phone';
import { CancellationPolicy } from './cancellation-policy';
import { isOver } from './is-over';

const UPCOMING: Booking['status'][] = ['HELD', 'PENDING', 'CONFIRMED'];

export function NextSteps({ booking }: { booking: Booking }) {
  const clinic = useClinic();
  const phone = booking.place?.phone || clinic.phone;
  if (booking.status === 'CANCELLED') {
    return (
      <p>
        <Trans>Someone else can now book this time.</Trans>
      </p>
    );
  }
  if (!UPCOMING.includes(booking.status) || isOver(booking)) return null;
  return (
    <section>
      <h2 className="h5">
        <Trans>What happens next</Trans>
      </h2>
      <ul>
        {booking.status === 'PENDING' && (
          <li>
            <Trans>The clinic will check your request. We will email you when it is confirmed.</Trans>
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
  if (mode === 'video') return <Trans>Open the video call link at the time of your appointment.</Trans>;
  if (mode === 'phone')
    return <Trans>Keep your phone with you at the time of your appointment. We will call you.</Trans>;
  return <Trans>Arrive at the clinic a few minutes before your appointment.</Trans>;
}
