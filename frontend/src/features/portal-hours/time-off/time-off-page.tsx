import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { TimeOff } from '@/gen';
import { Icon } from '@/shared/staff/icon';
import { useStaff } from '@/shared/staff/staff-context';
import { useScheduleDoctor, withDoctor } from '../schedule/schedule-doctor';
import { SchedulePage } from '../schedule/schedule-page';
import { periodText } from './period-text';
import { timeOffQuery } from './time-off';

/** Current and future time off. */
export function TimeOffPage() {
  const { t } = useLingui();
  const doctor = useScheduleDoctor();
  return (
    <SchedulePage title={t`Time off`} query={useQuery(timeOffQuery(doctor))}>
      {(rows) => (
        <div className="portal-narrow">
          <p>
            <Link className="btn btn-primary" to={withDoctor('/portal/time-off/new', doctor)}>
              <Icon name="plus" />
              <Trans>Add time off</Trans>
            </Link>
          </p>
          {rows.length === 0 ? (
            <p className="notice">
              <Trans>No time off is planned.</Trans>
            </p>
          ) : (
            <ul className="list-unstyled portal-rows">
              {rows.map((row) => (
                <TimeOffRow key={row.id} row={row} doctor={doctor} />
              ))}
            </ul>
          )}
        </div>
      )}
    </SchedulePage>
  );
}

export function TimeOffRow({ row, doctor }: { row: TimeOff; doctor?: string }) {
  const { t } = useLingui();
  const { role } = useStaff();
  const period = periodText(row);
  const isOfClinic = row.doctor === null;
  return (
    <li className="portal-row">
      <div>
        <p className="mb-0">
          <strong>{period}</strong>
        </p>
        {(row.note || isOfClinic) && (
          <p className="mb-0 text-body-secondary">
            {[isOfClinic && t`Whole clinic`, row.note].filter(Boolean).join(' · ')}
          </p>
        )}
      </div>
      {(role === 'admin' || (role === 'doctor' && !isOfClinic)) && (
        <Link
          className="btn btn-outline-primary"
          aria-label={t`Remove time off ${period}`}
          to={withDoctor(`/portal/time-off/${row.id}/remove`, doctor)}
        >
          <Trans>Remove</Trans>
        </Link>
      )}
    </li>
  );
}
