import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { scheduleDaysQuery } from '../schedule/schedule-days';
import { useScheduleDoctor } from '../schedule/schedule-doctor';
import { SchedulePage } from '../schedule/schedule-page';
import { HoursEditor } from './hours-editor';
import { workingHoursQuery } from './working-hours';

/** The weekly hours of a doctor, with a preview of their appointment times. */
export function HoursPage() {
  const { t } = useLingui();
  const doctor = useScheduleDoctor();
  const hours = useQuery(workingHoursQuery(doctor));
  const schedule = useQuery(scheduleDaysQuery({ doctor }));
  const query = schedule.isError ? schedule : hours;
  return (
    <SchedulePage title={t`Weekly hours`} query={query as typeof hours}>
      {(stored) =>
        schedule.data ? (
          <HoursEditor doctor={doctor} stored={stored} schedule={schedule.data} />
        ) : (
          <p role="status">
            <Trans>Loading your hours…</Trans>
          </p>
        )
      }
    </SchedulePage>
  );
}
