import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { StatusBadge } from '@/shared/staff/booking-status';
import { isFrontDesk, useStaff } from '@/shared/staff/staff-context';
import { shortDate, startTime } from '@/shared/times/format';
import { Pager, pageNumber } from '@/shared/ui/pager';
import { QueryView } from '@/shared/ui/query-view';
import { historyQuery, VISITS_PER_PAGE, type Visit } from './patients';

/** A patient's upcoming visits, and past ones with their outcomes. */
export function History({ patientId }: { patientId: string }) {
  const { t } = useLingui();
  const [params] = useSearchParams();
  return (
    <>
      <section className="portal-card" aria-labelledby="upcoming">
        <h2 id="upcoming">{t`Upcoming visits`}</h2>
        <QueryView query={useQuery(historyQuery(patientId, 'upcoming'))}>
          {({ results }) => <Visits visits={results} empty={t`No visit is booked.`} />}
        </QueryView>
      </section>
      <section className="portal-card" aria-labelledby="past">
        <h2 id="past">{t`Past visits`}</h2>
        <QueryView query={useQuery(historyQuery(patientId, 'past', pageNumber(params)))}>
          {(page) => (
            <>
              <Visits visits={page.results} empty={t`There are no past visits.`} />
              <Pager page={page} size={VISITS_PER_PAGE} />
            </>
          )}
        </QueryView>
      </section>
    </>
  );
}

function Visits({ visits, empty }: { visits: Visit[]; empty: string }) {
  const desk = isFrontDesk(useStaff());
  if (visits.length === 0) return <p className="board-empty">{empty}</p>;
  return (
    <ul className="home-list">
      {visits.map((visit) => (
        <li key={visit.id} className="home-row history-row">
          <div>
            <p className="home-row-title">
              <Link to={`/portal/bookings/${visit.id}`}>
                {shortDate(visit.local_date)} {visit.local_date.slice(0, 4)}, {startTime(visit)}
              </Link>
            </p>
            <p className="visit-card-details">
              {[visit.visit_type?.name, desk && visit.doctor_name, visit.place?.name]
                .filter(Boolean)
                .join(' · ')}
            </p>
            {visit.reason && (
              <p className="visit-card-details">
                <Trans>Reason: {visit.reason}</Trans>
              </p>
            )}
          </div>
          <StatusBadge booking={visit} />
        </li>
      ))}
    </ul>
  );
}
