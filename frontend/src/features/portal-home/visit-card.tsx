import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { StatusBadge, statusClass } from '@/shared/staff/booking-status';
import type { StepName } from '@/shared/staff/booking-steps';
import { Icon } from '@/shared/staff/icon';
import { startTime } from '@/shared/times/format';
import type { Visit } from './board';
import { canArrive, stageOf } from './stages';
import { WaitingTime } from './waiting-time';

interface VisitCardProps {
  visit: Visit;
  /** Milliseconds on the server's clock. */
  now: number;
  step: (visit: Visit, step: StepName) => void;
  showDoctor: boolean;
  /** Takes the focus, because the user has just moved it to another column. */
  takesFocus?: boolean;
}

/** A visit with its next step, and a link to its panel. */
export function VisitCard({ visit, now, step, showDoctor, takesFocus = false }: VisitCardProps) {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (takesFocus) link.current?.focus();
  }, [takesFocus]);
  const { visit_type, room, place } = visit;
  const details = [visit_type?.name, showDoctor && visit.doctor_name, room, place?.name].filter(Boolean);
  return (
    <li className={`visit-card ${statusClass(visit)}`}>
      <p className="visit-card-time">{startTime(visit)}</p>
      <div className="visit-card-body">
        <Link ref={link} to={`/portal/bookings/${visit.id}`} className="visit-card-name">
          {visit.patient.name}
        </Link>
        <p className="visit-card-details">{details.join(' · ')}</p>
        <p className="visit-card-marks">
          <WaitingTime visit={visit} now={now} />
          <Marks visit={visit} />
        </p>
      </div>
      <Steps visit={visit} now={now} step={step} />
    </li>
  );
}

function Marks({ visit }: { visit: Visit }) {
  const { status, attendance_confirmed_at, visit_type, overbooked, patient } = visit;
  const saysMore = status !== 'CONFIRMED' || attendance_confirmed_at !== null;
  return (
    <>
      {saysMore && status !== 'CHECKED_IN' && <StatusBadge booking={visit} />}
      {visit_type?.mode === 'video' && (
        <span className="wait">
          <Icon name="video" />
          <Trans>Video</Trans>
        </span>
      )}
      {visit_type?.mode === 'phone' && (
        <span className="wait">
          <Icon name="phone" />
          <Trans>Phone</Trans>
        </span>
      )}
      {overbooked && (
        <span className="wait">
          <Icon name="people" />
          <Trans>Double booking</Trans>
        </span>
      )}
      {patient.email_problem && (
        <span className="wait wait-long">
          <Icon name="message" />
          <Trans>Emails are not delivered</Trans>
        </span>
      )}
    </>
  );
}

function Steps({ visit, now, step }: Pick<VisitCardProps, 'visit' | 'now' | 'step'>) {
  const { t } = useLingui();
  const stage = stageOf(visit, now);
  const buttons: [StepName, string][] = [];
  if (visit.status === 'PENDING') {
    if (stage === 'expected') buttons.push(['confirm', t`Confirm`]);
  } else if (stage === 'expected' || stage === 'late') {
    if (canArrive(visit, now)) buttons.push(['check_in', t`Arrived`]);
    if (stage === 'late') buttons.push(['no_show', t`No-show`]);
  } else if (stage === 'arrived') buttons.push(['start', t`Start`]);
  else if (stage === 'in-room') buttons.push(['complete', t`Complete`]);
  if (buttons.length === 0) return null;
  return (
    <div className="visit-card-steps">
      {buttons.map(([name, label], index) => (
        <button
          key={name}
          type="button"
          className={index === 0 ? 'btn btn-primary' : 'btn btn-outline-primary'}
          onClick={() => step(visit, name)}
        >
          {label}
          <span className="visually-hidden">: {visit.patient.name}</span>
        </button>
      ))}
    </div>
  );
}
