import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { doctorQuery } from '@/shared/api/get-doctor';
import type { Doctor, VisitType } from '@/shared/api/types';
import { ChooseTime } from '@/shared/choose-time/choose-time';
import { stepPath } from '@/shared/choose-time/step-path';
import { WeekNav } from '@/shared/choose-time/week-nav';
import { useClinic } from '@/shared/clinic/clinic-context';
import { addDays, isDate, todayIn } from '@/shared/times/calendar';
import { address } from '@/shared/ui/address';
import { QueryView } from '@/shared/ui/query-view';
import { ChosenVisitType } from '@/shared/visit-types/chosen-visit-type';
import { FirstWhatFor } from '@/shared/visit-types/first-what-for';
import { useVisitType, VISIT_TYPE } from '@/shared/visit-types/use-visit-type';
import { DoctorSummary } from './doctor-summary';
import { NotAccepting, NotOffered } from './not-accepting';

export function DoctorPage() {
  const { t } = useLingui();
  const { id = '' } = useParams();
  const [params] = useSearchParams();
  return (
    <>
      <Link to={address('/doctors', { [VISIT_TYPE]: params.get(VISIT_TYPE) })} className="back-link">
        <span aria-hidden="true" className="arrow-start" /> <Trans>All doctors</Trans>
      </Link>
      <QueryView page query={useQuery(doctorQuery(id))} loading={t`Looking up the doctor…`}>
        {(doctor) => (
          <FirstWhatFor doctor={doctor}>
            {(visitType) => <TimesOf doctor={doctor} visitType={visitType} />}
          </FirstWhatFor>
        )}
      </QueryView>
    </>
  );
}

interface TimesProps {
  doctor: Doctor;
  visitType: VisitType | null;
}

function TimesOf({ doctor, visitType }: TimesProps) {
  const { types, noneOffered } = useVisitType(doctor.id);
  const change = types.length > 1 ? `/doctors/${doctor.id}` : null;
  const open = doctor.accepting_new_patients || doctor.next_available;
  return (
    <>
      <DoctorSummary doctor={doctor} />
      {visitType && <ChosenVisitType visitType={visitType} change={change} />}
      {!doctor.accepting_new_patients && <NotAccepting doctor={doctor} />}
      {noneOffered && <NotOffered />}
      {open && !noneOffered && <Times doctor={doctor} visitType={visitType} />}
    </>
  );
}

function Times({ doctor, visitType }: TimesProps) {
  const clinic = useClinic();
  const navigate = useNavigate();
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
      <ChooseTime
        key={from}
        doctor={doctor}
        from={from}
        visitType={visitType?.id}
        goOn={(slot) => navigate(stepPath('details', slot, visitType?.id))}
      />
    </section>
  );
}
