import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { ApiError } from '@/shared/api/api-error';
import type { Slot } from '@/shared/api/types';
import { type Step, stepPath, timesPath } from '@/shared/choose-time/step-path';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { shortMoment } from '@/shared/times/format';
import { PageHeading } from '@/shared/ui/page-heading';
import type { Plan } from './slot-page';

interface TakenProps {
  doctorId: string;
  alternatives: Slot[];
  /** Where one tap goes on to. */
  step: Step;
  visitType: string | undefined;
}

/** What the server offers instead of a time that it refused. */
export function takenProps(error: ApiError, { doctor, visitType }: Plan) {
  const { alternatives = [] } = (error.data ?? {}) as { alternatives?: Slot[] };
  return { doctorId: doctor.id, alternatives, visitType: visitType?.id };
}

/** The time went to somebody else: the nearest ones, each one tap away, with nothing typed lost. */
export function Taken({ doctorId, alternatives, step, visitType }: TakenProps) {
  const { t } = useLingui();
  return (
    <div className="narrow">
      <PageHeading title={t`That time has just been taken`} />
      {alternatives.length > 0 ? (
        <p>
          <Trans>These are the nearest open times. What you typed is kept.</Trans>
        </p>
      ) : (
        <p>
          <Trans>There is no other time near it.</Trans>
        </p>
      )}
      <ul className="list-unstyled d-grid gap-2 mb-4">
        {alternatives.map((slot) => (
          <li key={slot.id}>
            <Link className="alternative" to={stepPath(step, slot, visitType)} replace>
              <strong>{shortMoment(slot)}</strong>
              <span className="text-body-secondary">
                {slot.doctor_name && `${slot.doctor_name}, `}
                {slot.tz_label}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <p>
        <Link to={timesPath(doctorId, visitType)}>
          <Trans>See all times</Trans>
        </Link>
      </p>
      <CallTheClinic />
    </div>
  );
}
