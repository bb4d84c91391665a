import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import { StatusBadge } from '@/shared/staff/booking-status';
import { endTime, startTime } from '@/shared/times/format';
import type { Visit } from './board';
import { byStage, nextVisit } from './stages';
import { useStep } from './steps';
import { WaitingTime } from './waiting-time';

/** A doctor's present or next visit, with the button that starts or completes it. */
export function NextPatient({ visits, now }: { visits: Visit[]; now: number }) {
  const { t } = useLingui();
  const step = useStep();
  const groups = byStage(visits, now);
  const current = groups['in-room'][0];
  const visit = current ?? nextVisit(visits, now);
  if (!visit) {
    return (
      <section className="portal-card next-patient" aria-labelledby="next">
        <h2 id="next">{t`Next patient`}</h2>
        <p>
          {groups.over.length > 0 ? (
            <Trans>You have no more visits today.</Trans>
          ) : (
            <Trans>You have no visits today.</Trans>
          )}
        </p>
      </section>
    );
  }
  const { patient, visit_type, room, place, reason } = visit;
  return (
    <section className="portal-card next-patient" aria-labelledby="next">
      <h2 id="next">{current ? t`With you now` : t`Next patient`}</h2>
      <p className="next-patient-name">
        <Link to={`/portal/bookings/${visit.id}`}>{patient.name}</Link>
      </p>
      <p>
        <strong>
          <Trans>
            {startTime(visit)} to {endTime(visit)}
          </Trans>
        </strong>
        {[visit_type?.name, room, place?.name].filter(Boolean).map((part) => ` · ${part}`)}
      </p>
      <p className="visit-card-marks">
        <StatusBadge booking={visit} />
        <WaitingTime visit={visit} now={now} />
      </p>
      {reason && <p className="next-patient-reason">{reason}</p>}
      <p className="home-row-steps">
        {visit.status === 'CHECKED_IN' && (
          <button
            type="button"
            className="btn btn-primary"
            onClick={() => step.mutate({ visit, step: 'start' })}
          >
            <Trans>Start the visit</Trans>
          </button>
        )}
        {visit.status === 'IN_PROGRESS' && (
          <button
            type="button"
            className="btn btn-primary"
            onClick={() => step.mutate({ visit, step: 'complete' })}
          >
            <Trans>Complete the visit</Trans>
          </button>
        )}
        <Link className="btn btn-outline-primary" to={`/portal/bookings/${visit.id}`}>
          <Trans>Open the visit</Trans>
        </Link>
      </p>
    </section>
  );
}

/** "8 visits: 1 waiting, 4 to come" */
export function DayInWords({ visits, now }: { visits: Visit[]; now: number }) {
  const { late, expected, arrived } = byStage(visits, now);
  const all = visits.filter(({ status }) => status !== 'CANCELLED').length;
  const toCome = late.length + expected.length;
  return (
    <p className="day-in-words">
      <Plural value={all} _0="No visits" one="# visit" other="# visits" />
      {arrived.length > 0 && (
        <>
          {' · '}
          <Plural value={arrived.length} one="# is waiting" other="# are waiting" />
        </>
      )}
      {toCome > 0 && (
        <>
          {' · '}
          <Plural value={toCome} one="# to come" other="# to come" />
        </>
      )}
      {late.length > 0 && (
        <>
          {' · '}
          <Plural value={late.length} one="# is late" other="# are late" />
        </>
      )}
    </p>
  );
}
