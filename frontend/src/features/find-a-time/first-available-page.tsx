import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { Slot, Specialty, VisitType } from '@/shared/api/types';
import { BookingSteps } from '@/shared/booking-steps/booking-steps';
import { useClinic } from '@/shared/clinic/clinic-context';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { bookingStepPath, firstAvailablePath, VISIT_TYPE } from '@/shared/paths/booking-paths';
import { withQuery } from '@/shared/paths/with-query';
import { TimePicker } from '@/shared/time-picker/time-picker';
import { PageHeading } from '@/shared/ui/page-heading';
import { ChosenVisitType } from '@/shared/visit-types/chosen-visit-type';
import { RequireVisitType } from '@/shared/visit-types/require-visit-type';
import { DoctorsSideBySide } from './doctors-side-by-side';
import { Views } from './views';

/** The open times of all doctors of a specialty. */
export function FirstAvailablePage() {
  const { specialties } = useClinic();
  const [params] = useSearchParams();
  const [only, another] = specialties;
  const requested = specialties.find(({ code }) => code === params.get('specialty'));
  const specialty = another ? requested : only;
  return (
    <>
      <Link to={withQuery('/doctors', { [VISIT_TYPE]: params.get(VISIT_TYPE) })} className="back-link">
        <span aria-hidden="true" className="arrow-start" /> <Trans>All doctors</Trans>
      </Link>
      <RequireVisitType>
        {(visitType) =>
          specialty || !another ? (
            <Times key={specialty?.id} visitType={visitType} specialty={specialty} />
          ) : (
            <ChooseSpecialty />
          )
        }
      </RequireVisitType>
    </>
  );
}

/** Asks for the specialty before it shows times of any doctor. */
function ChooseSpecialty() {
  const { t } = useLingui();
  const { specialties } = useClinic();
  const [params] = useSearchParams();
  const withSpecialty = (code: string) => {
    const next = new URLSearchParams(params);
    next.set('specialty', code);
    return `?${next}`;
  };
  return (
    <div className="narrow">
      <BookingSteps current={1} />
      <PageHeading title={t`What type of doctor do you need?`} />
      <ul className="list-unstyled d-grid gap-2 mb-4">
        {specialties.map(({ code, name }) => (
          <li key={code}>
            <Link className="alternative" to={withSpecialty(code)}>
              <strong>{name}</strong>
            </Link>
          </li>
        ))}
      </ul>
      <CallTheClinic />
    </div>
  );
}

interface TimesProps {
  visitType: VisitType | null;
  /** Undefined if the clinic has no specialties. */
  specialty: Specialty | undefined;
}

function Times({ visitType, specialty }: TimesProps) {
  const { t } = useLingui();
  const clinic = useClinic();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const isSideBySide = params.get('by') === 'doctor';
  const picker = {
    specialty: specialty?.code,
    visitType: visitType?.id,
    onContinue: (slot: Slot) => navigate(bookingStepPath('details', slot, visitType?.id)),
  };
  return (
    <>
      <BookingSteps current={1} />
      <PageHeading title={t`First available`} />
      <p className="lead">
        <Trans>
          These are the times at {clinic.name} with any available doctor. We show you the doctor’s name before
          you book.
        </Trans>
      </p>
      {visitType && (
        <ChosenVisitType
          visitType={visitType}
          change={clinic.visit_types.length > 1 ? firstAvailablePath(specialty?.code) : null}
        />
      )}
      {specialty && clinic.specialties.length > 1 && (
        <p className="mb-4">
          <strong>{specialty.name}</strong>{' '}
          <Link className="text-nowrap change-link" to={firstAvailablePath(undefined, visitType?.id)}>
            <Trans>
              Change<span className="visually-hidden"> type of doctor</span>
            </Trans>
          </Link>
        </p>
      )}
      <Views isSideBySide={isSideBySide} />
      {isSideBySide ? (
        <DoctorsSideBySide {...picker} />
      ) : (
        <TimePicker doctorChoice={{ specialty: picker.specialty }} {...picker} />
      )}
    </>
  );
}
