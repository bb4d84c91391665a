import { Trans, useLingui } from '@lingui/react/macro';
import type { Appointment } from '@/shared/api/types';
import { PhoneLink } from '@/shared/clinic/clinic-phone';
import { startTime } from '@/shared/times/format';

export function DayList({ slots }: { slots: Appointment[] }) {
  if (slots.length === 0) {
    return (
      <p className="notice">
        <Trans>You have no working hours on this day.</Trans>
      </p>
    );
  }
  return (
    <ol className="list-unstyled booking-list">
      {slots.map((slot) => (
        <li key={slot.id} className="booking-row">
          <p className="schedule-time mb-0">{startTime(slot)}</p>
          <SlotContent slot={slot} />
        </li>
      ))}
    </ol>
  );
}

function SlotContent({ slot: { status, booking } }: { slot: Appointment }) {
  const { t } = useLingui();
  if (!booking) {
    return <p className="mb-0 text-body-secondary">{status === 'blocked' ? t`Blocked` : t`Available`}</p>;
  }
  if (!booking.patient) {
    return <p className="mb-0 text-body-secondary">{t`Held for a patient`}</p>;
  }
  return (
    <div>
      <p className="mb-0">
        <strong>{booking.patient.name}</strong>
        {booking.patient.phone && (
          <>
            {' · '}
            <PhoneLink number={booking.patient.phone_display} />
          </>
        )}
      </p>
      {booking.patient.email_problem && (
        <p className="mb-0">
          <Trans>Emails to this patient are not delivered. Ask for another email address.</Trans>
        </p>
      )}
      {booking.visit_type && (
        <p className="mb-0">{[booking.visit_type.name, booking.room].filter(Boolean).join(', ')}</p>
      )}
      {booking.attendance_confirmed_at && (
        <p className="mb-0">
          <Trans>Will come</Trans>
        </p>
      )}
      {booking.reason && <p className="mb-0">{booking.reason}</p>}
    </div>
  );
}
