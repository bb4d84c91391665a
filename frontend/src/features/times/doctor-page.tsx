import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearchParams } from 'react-router';
import { doctorQuery } from '@/shared/api/get-doctor';
import type { Doctor } from '@/shared/api/types';
import { ChooseTime } from '@/shared/choose-time/choose-time';
import { WeekNav } from '@/shared/choose-time/week-nav';
import { useClinic } from '@/shared/clinic/clinic-context';
import { addDays, isDate, todayIn } from '@/shared/times/calendar';
import { QueryView } from '@/shared/ui/query-view';
import { DoctorSummary } from './doctor-summary';
import { NotAccepting } from './not-accepting';

export function DoctorPage() {
  const { t } = useLingui();
  const { id = '' } = useParams();
  return (
    <>
      <Link to="/doctors" className="back-link">
        <span aria-hidden="true" className="arrow-start" /> <Trans>All doctors</Trans>
      </Link>
      <QueryView page query={useQuery(doctorQuery(id))} loading={t`Looking up the doctor…`}>
        {(doctor) => (
          <>
            <DoctorSummary doctor={doctor} />
            {!doctor.accepting_new_patients && <NotAccepting doctor={doctor} />}
            {(doctor.accepting_new_patients || doctor.next_available) && <Times doctor={doctor} />}
          </>
        )}
      </QueryView>
    </>
  );
}

function Times({ doctor }: { doctor: Doctor }) {
  const clinic = useClinic();
  const [params] = useSearchParams();
  const today = todayIn(clinic.time_zone);
  const asked = params.get('from');
  const from = isDate(asked) && asked > today ? asked : today;
  return (
    <section aria-labelledby="times">
      <h2 id="times" className="h4 mb-1">
        <Trans>Choose a time</Trans>
      </h2>
      <p className="text-body-secondary">
        <Trans>All times are {doctor.tz_label}.</Trans>
      </p>
      <WeekNav from={from} today={today} horizon={addDays(today, clinic.booking_rules.horizon_days)} />
      <ChooseTime key={from} doctor={doctor} from={from} />
    </section>
  );
}
