import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { BookingPanel as Booking } from '@/gen';
import { StatusBadge } from '@/shared/staff/booking-status';
import { Icon } from '@/shared/staff/icon';
import { AppointmentTime } from '@/shared/times/appointment-time';
import { ContactLog } from './contact-log';
import { Events } from './events';
import { PatientSection } from './patient-section';
import { Section, type SectionLevel } from './section';
import { SeriesSection } from './series-section';
import { Steps } from './steps';
import { VisitHistory } from './visit-history';
import { VisitNote } from './visit-note';

interface PanelContentProps {
  booking: Booking;
  heading: ReactNode;
  /** The level of the sections' headings. */
  level: SectionLevel;
}

export function PanelContent({ booking, heading, level }: PanelContentProps) {
  const { t } = useLingui();
  return (
    <>
      <header className="booking-head">
        <p className="booking-badges">
          <StatusBadge booking={booking} />
          {booking.overbooked && (
            <span className="booking-tag">
              <Trans>Double booking</Trans>
            </span>
          )}
        </p>
        {heading}
        <VisitFacts booking={booking} />
      </header>
      <Steps booking={booking} />
      <PatientSection booking={booking} level={level} />
      <Section title={t`Reason for the visit`} level={level}>
        <p className="booking-text">
          {booking.reason || (
            <span className="text-body-secondary">
              <Trans>No reason was given.</Trans>
            </span>
          )}
        </p>
        <Answers booking={booking} />
      </Section>
      {booking.may_write_note && <VisitNote booking={booking} level={level} />}
      {booking.series && <SeriesSection booking={booking} level={level} />}
      <VisitHistory booking={booking} level={level} />
      <ContactLog booking={booking} level={level} />
      <Events booking={booking} level={level} />
      <p className="booking-print">
        <button type="button" className="btn btn-outline-primary btn-sm" onClick={printBooking}>
          <Trans>Print summary</Trans>
        </button>
      </p>
    </>
  );
}

/** Prints the booking and not the calendar next to it. */
function printBooking() {
  const page = document.documentElement;
  page.classList.add('prints-booking');
  window.addEventListener('afterprint', () => page.classList.remove('prints-booking'), { once: true });
  window.print();
}

function VisitFacts({ booking }: { booking: Booking }) {
  const { visit_type: visit } = booking;
  return (
    <>
      <div className="booking-when">
        <AppointmentTime time={booking} />
      </div>
      <p className="booking-facts">
        <span>{booking.doctor.display_name}</span>
        {visit && <span>{visit.name}</span>}
        <Where booking={booking} />
      </p>
    </>
  );
}

function Where({ booking }: { booking: Booking }) {
  const { t } = useLingui();
  const { visit_type: visit, place, room } = booking;
  if (visit?.mode === 'phone') {
    return (
      <span>
        <Icon name="phone" /> <Trans>By phone</Trans>
      </span>
    );
  }
  if (visit?.mode === 'video') {
    if (!visit.video_link) return <span>{t`By video. No video link is set for this visit type.`}</span>;
    return (
      <a className="btn btn-outline-primary btn-sm" href={visit.video_link} target="_blank" rel="noreferrer">
        <Icon name="video" />
        <Trans>
          Join the video visit<span className="visually-hidden"> (opens in a new tab)</span>
        </Trans>
      </a>
    );
  }
  const parts = [place?.name, room && t`Room: ${room}`].filter(Boolean);
  return parts.length > 0 ? <span>{parts.join(', ')}</span> : null;
}

function Answers({ booking }: { booking: Booking }) {
  const { answers } = booking;
  if (answers === null) {
    return (
      <p className="text-body-secondary">
        <Trans>At this clinic, only doctors can see the answers to health questions.</Trans>
      </p>
    );
  }
  if (answers.length === 0) return null;
  return (
    <dl className="booking-answers">
      {answers.map(({ text, answer }) => (
        <div key={text}>
          <dt>{text}</dt>
          <dd>{answer}</dd>
        </div>
      ))}
    </dl>
  );
}
