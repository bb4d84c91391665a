import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { Doctor, VisitType } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { firstAvailablePath } from '@/shared/paths/booking-paths';
import { NextTime } from './next-available';

interface FirstAvailableCardProps {
  visitType: VisitType | null;
  specialty: string | undefined;
  /** Soonest first. */
  doctors: Doctor[];
}

/** The way for those to whom it matters when and not with whom. */
export function FirstAvailableCard({ visitType, specialty, doctors }: FirstAvailableCardProps) {
  const { specialties } = useClinic();
  const soonest = doctors.find((doctor) => doctor.accepting_new_patients);
  // Of several kinds of doctors the page asks which.
  const kindKnown = specialties.length <= 1 || Boolean(specialty);
  return (
    <div className="doctor-card first-available">
      <div>
        <h2 className="h5 mb-1">
          <Link className="stretched-link" to={firstAvailablePath(specialty, visitType?.id)}>
            <Trans>First available</Trans>
          </Link>
        </h2>
        <p className="mb-1">
          <Trans>With any doctor who is free</Trans>
        </p>
        {kindKnown && soonest && <NextTime doctor={soonest} />}
      </div>
    </div>
  );
}
