import { Trans } from '@lingui/react/macro';
import { useClinic } from '@/shared/clinic/clinic-context';
import { useStatusText } from '@/shared/staff/booking-status';
import { endTime, fullDate, plainDate, startTime } from '@/shared/times/format';
import type { Board, Visit } from './board';

/** The day on paper: a page for each doctor. It is not shown on the screen. */
export function PrintedDay({ board }: { board: Board }) {
  const { tz_label } = useClinic();
  const takesPlace = board.visits.filter(({ status }) => status !== 'CANCELLED');
  const doctors = [...new Map(takesPlace.map((visit) => [visit.doctor, visit.doctor_name]))];
  return (
    <div className="printed-day">
      {doctors.map(([id, name]) => (
        <section key={id}>
          <h2>
            {name}, {fullDate(board.date)}
          </h2>
          <p>
            <Trans>All times are {tz_label}.</Trans>
          </p>
          <PrintedVisits visits={takesPlace.filter(({ doctor }) => doctor === id)} />
        </section>
      ))}
    </div>
  );
}

function PrintedVisits({ visits }: { visits: Visit[] }) {
  const statusText = useStatusText();
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">
            <Trans>Time</Trans>
          </th>
          <th scope="col">
            <Trans>Patient</Trans>
          </th>
          <th scope="col">
            <Trans>Visit</Trans>
          </th>
          <th scope="col">
            <Trans>Status</Trans>
          </th>
        </tr>
      </thead>
      <tbody>
        {visits.map((visit) => (
          <tr key={visit.id}>
            <td>
              {startTime(visit)} – {endTime(visit)}
            </td>
            <td>
              {visit.patient.name}
              {visit.patient.date_of_birth && <> ({plainDate(visit.patient.date_of_birth)})</>}
              <br />
              {visit.patient.phone_display}
            </td>
            <td>
              {[visit.visit_type?.name, visit.room, visit.place?.name].filter(Boolean).join(', ')}
              {visit.reason && (
                <>
                  <br />
                  {visit.reason}
                </>
              )}
            </td>
            <td>{statusText(visit)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
