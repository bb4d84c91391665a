import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { doctorQuery } from '@/shared/api/get-doctor';
import type { Doctor, VisitType } from '@/shared/api/types';
import { BookingSteps } from '@/shared/booking-steps/booking-steps';
import { bookingStepPath, VISIT_TYPE } from '@/shared/paths/booking-paths';
import { withQuery } from '@/shared/paths/with-query';
import { TimePicker } from '@/shared/time-picker/time-picker';
import { QueryView } from '@/shared/ui/query-view';
import { ChosenVisitType } from '@/shared/visit-types/chosen-visit-type';
import { RequireVisitType } from '@/shared/visit-types/require-visit-type';
import { useVisitType } from '@/shared/visit-types/use-visit-type';
import { DoctorSummary } from './doctor-summary';
import { NotAccepting, NotOffered } from './not-bookable';

export function DoctorPage() {
  const { t } = useLingui();
  const { id = '' } = useParams();
  const [params] = useSearchParams();
  return (
    <>
      <Link to={withQuery('/doctors', { [VISIT_TYPE]: params.get(VISIT_TYPE) })} className="back-link">
        <span aria-hidden="true" className="arrow-start" /> <Trans>All doctors</Trans>
      </Link>
      <QueryView page query={useQuery(doctorQuery(id))} loading={t`Loading the doctor’s details…`}>
        {(doctor) => (
          <>
            <BookingSteps current={1} />
            <div className="doctor-page">
              <DoctorSummary doctor={doctor} visitType={params.get(VISIT_TYPE)} />
              <div className="doctor-times">
                <RequireVisitType doctor={doctor} isPartOfPage>
                  {(visitType) => <DoctorTimes doctor={doctor} visitType={visitType} />}
                </RequireVisitType>
              </div>
            </div>
          </>
        )}
      </QueryView>
    </>
  );
}

interface DoctorTimesProps {
  doctor: Doctor;
  visitType: VisitType | null;
}

function DoctorTimes({ doctor, visitType }: DoctorTimesProps) {
  const navigate = useNavigate();
  const { types, noneOffered } = useVisitType(doctor.id);
  const change = types.length > 1 ? `/doctors/${doctor.id}` : null;
  const open = doctor.accepting_new_patients || doctor.next_available;
  return (
    <>
      {visitType && <ChosenVisitType visitType={visitType} change={change} />}
      {!doctor.accepting_new_patients && <NotAccepting doctor={doctor} />}
      {noneOffered && <NotOffered />}
      {open && !noneOffered && (
        <TimePicker
          doctorChoice={{ doctor }}
          visitType={visitType?.id}
          onContinue={(slot) => navigate(bookingStepPath('details', slot, visitType?.id))}
        />
      )}
    </>
  );
}
