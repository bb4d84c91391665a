import { Trans, useLingui } from '@lingui/react/macro';
import type { BookingPanel as Booking } from '@/gen';
import { shortDateTime } from '@/shared/times/format';
import { Section, type SectionLevel } from './section';

/** Who changed the booking, and when. */
export function Events({ booking, level }: { booking: Booking; level: SectionLevel }) {
  const { t } = useLingui();
  return (
    <Section title={t`Booking history`} level={level} className="booking-no-print">
      <ol className="booking-events">
        {booking.events.map((event) => (
          <li key={`${event.when.at} ${event.kind}`}>
            <span className="booking-event">{event.text}</span>
            <span className="text-body-secondary">
              {shortDateTime(event.when)}
              {event.by && `, ${event.by}`}
            </span>
            {event.note && <span className="booking-text">{event.note}</span>}
            {event.private_note && (
              <span className="booking-text">
                <strong>
                  <Trans>For staff only:</Trans>
                </strong>{' '}
                {event.private_note}
              </span>
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}
