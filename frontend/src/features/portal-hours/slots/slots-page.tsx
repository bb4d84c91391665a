import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { withQuery } from '@/shared/paths/with-query';
import { Icon } from '@/shared/staff/icon';
import { useStaff } from '@/shared/staff/staff-context';
import { useScheduleDoctor } from '../schedule/schedule-doctor';
import { SchedulePage } from '../schedule/schedule-page';
import { isBlock } from '../time-off/period-text';
import { timeOffQuery } from '../time-off/time-off';
import { TimeOffRow } from '../time-off/time-off-page';
import { AddTimes } from './add-times';
import { ChangedSlots } from './changed-slots';

/** Times that differ from the hours: added, blocked or removed once. */
export function SlotsPage() {
  const { t } = useLingui();
  const { role } = useStaff();
  const doctor = useScheduleDoctor();
  return (
    <SchedulePage title={t`One-off times and blocks`} query={useQuery(timeOffQuery(doctor))}>
      {(timeOff) => (
        <div className="slots-columns">
          <section className="portal-card" aria-labelledby="added-heading">
            <h2 id="added-heading" className="h5">
              <Trans>Add one-off times</Trans>
            </h2>
            {role === 'doctor' && <AddTimes />}
            <ChangedSlots doctor={doctor} kind="added" />
          </section>
          <section className="portal-card" aria-labelledby="blocks-heading">
            <h2 id="blocks-heading" className="h5">
              <Trans>Blocked times</Trans>
            </h2>
            <p>
              <Link
                className="btn btn-outline-primary"
                to={withQuery('/portal/time-off/new', { doctor, part: '1' })}
              >
                <Icon name="plus" />
                <Trans>Block part of a day</Trans>
              </Link>
            </p>
            <ul className="list-unstyled portal-rows">
              {timeOff.filter(isBlock).map((row) => (
                <TimeOffRow key={row.id} row={row} doctor={doctor} />
              ))}
            </ul>
            <ChangedSlots doctor={doctor} kind="blocked" hasOthers={timeOff.some(isBlock)} />
          </section>
          <section className="portal-card" aria-labelledby="removed-heading">
            <h2 id="removed-heading" className="h5">
              <Trans>Removed times</Trans>
            </h2>
            <ChangedSlots doctor={doctor} kind="removed" />
          </section>
        </div>
      )}
    </SchedulePage>
  );
}
