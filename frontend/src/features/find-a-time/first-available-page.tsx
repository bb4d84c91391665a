import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { Specialty, VisitType } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { firstAvailablePath, stepPath, VISIT_TYPE } from '@/shared/paths/booking-paths';
import { address } from '@/shared/paths/with-query';
import { TimesSection } from '@/shared/time-picker/time-picker';
import { PageHeading } from '@/shared/ui/page-heading';
import { ChosenVisitType } from '@/shared/visit-types/chosen-visit-type';
import { FirstWhatFor } from '@/shared/visit-types/require-visit-type';

/** The times of all doctors of a kind, for those to whom it matters when and not with whom. */
export function FirstAvailablePage() {
  const { specialties } = useClinic();
  const [params] = useSearchParams();
  const [only, another] = specialties;
  const asked = specialties.find(({ code }) => code === params.get('specialty'));
  const specialty = another ? asked : only;
  return (
    <>
      <Link to={address('/doctors', { [VISIT_TYPE]: params.get(VISIT_TYPE) })} className="back-link">
        <span aria-hidden="true" className="arrow-start" /> <Trans>All doctors</Trans>
      </Link>
      <FirstWhatFor>
        {(visitType) =>
          specialty || !another ? (
            <Times key={specialty?.id} visitType={visitType} specialty={specialty} />
          ) : (
            <ChooseSpecialty visitType={visitType} />
          )
        }
      </FirstWhatFor>
    </>
  );
}

/** Any doctor is any of a kind: nobody wants the dentist for a cough. */
function ChooseSpecialty({ visitType }: { visitType: VisitType | null }) {
  const { t } = useLingui();
  const { specialties } = useClinic();
  return (
    <div className="narrow">
      <PageHeading title={t`What kind of doctor do you need?`} />
      <ul className="list-unstyled d-grid gap-2 mb-4">
        {specialties.map(({ code, name }) => (
          <li key={code}>
            <Link className="alternative" to={firstAvailablePath(code, visitType?.id)}>
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
  /** Undefined where the clinic has none. */
  specialty: Specialty | undefined;
}

function Times({ visitType, specialty }: TimesProps) {
  const { t } = useLingui();
  const clinic = useClinic();
  const navigate = useNavigate();
  return (
    <>
      <PageHeading title={t`First available`} />
      <p className="lead">
        <Trans>
          The times at {clinic.name} with any doctor who is free. You see with whom before you book.
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
          <Link className="text-nowrap d-inline-block py-2" to={firstAvailablePath(undefined, visitType?.id)}>
            <Trans>
              Change<span className="visually-hidden"> what kind of doctor you need</span>
            </Trans>
          </Link>
        </p>
      )}
      <TimesSection
        whose={{ specialty: specialty?.code }}
        visitType={visitType?.id}
        goOn={(slot) => navigate(stepPath('details', slot, visitType?.id))}
      />
    </>
  );
}
