import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { Booking } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { PhoneLink } from '@/shared/clinic/clinic-phone';
import { CancellationPolicy } from './cancellation-policy';

const COMING: Booking['status'][] = ['HELD', 'PENDING', 'CONFIRMED'];

export function WhatNext({ booking }: { booking: Booking }) {
  const { phone } = useClinic();
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
  if (!COMING.includes(booking.status)) return null;
  return (
    <section>
      <h2 className="h5">
        <Trans>What happens next</Trans>
      </h2>
      <ul>
        <li>
          <Trans>Come to the clinic shortly before your time.</Trans>
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
