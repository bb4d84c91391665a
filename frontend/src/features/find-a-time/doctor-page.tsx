import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { doctorQuery } from '@/shared/api/get-doctor';
import type { Doctor, VisitType } from '@/shared/api/types';
import { stepPath, VISIT_TYPE } from '@/shared/paths/booking-paths';
import { address } from '@/shared/paths/with-query';
import { TimesSection } from '@/shared/time-picker/time-picker';
import { QueryView } from '@/shared/ui/query-view';
import { ChosenVisitType } from '@/shared/visit-types/chosen-visit-type';
import { FirstWhatFor } from '@/shared/visit-types/require-visit-type';
import { useVisitType } from '@/shared/visit-types/use-visit-type';
import { DoctorSummary } from './doctor-summary';
import { NotAccepting, NotOffered } from './not-bookable';

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

interface TimesOfProps {
  doctor: Doctor;
  visitType: VisitType | null;
}

function TimesOf({ doctor, visitType }: TimesOfProps) {
  const navigate = useNavigate();
  const { types, noneOffered } = useVisitType(doctor.id);
  const change = types.length > 1 ? `/doctors/${doctor.id}` : null;
  const open = doctor.accepting_new_patients || doctor.next_available;
  return (
    <>
      <DoctorSummary doctor={doctor} />
      {visitType && <ChosenVisitType visitType={visitType} change={change} />}
      {!doctor.accepting_new_patients && <NotAccepting doctor={doctor} />}
      {noneOffered && <NotOffered />}
      {open && !noneOffered && (
        <TimesSection
          whose={{ doctor }}
          visitType={visitType?.id}
          goOn={(slot) => navigate(stepPath('details', slot, visitType?.id))}
        />
      )}
    </>
  );
}
