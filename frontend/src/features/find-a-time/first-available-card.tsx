import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { Doctor, VisitType } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { firstAvailablePath } from '@/shared/paths/booking-paths';
import { ANY_DOCTOR_FILTERS, type Filters, only } from '@/shared/search/filters';
import { NextAvailable } from './next-available';

interface FirstAvailableCardProps {
  visitType: VisitType | null;
  filters: Filters;
  /** Soonest first. */
  doctors: Doctor[];
}

/** Link to the first available times of any doctor. */
export function FirstAvailableCard({ visitType, filters, doctors }: FirstAvailableCardProps) {
  const { specialties } = useClinic();
  const soonest = doctors.find((doctor) => doctor.accepting_new_patients);
  // With several specialties, the linked page asks for one first.
  const specialtyKnown = specialties.length <= 1 || Boolean(filters.specialty);
  return (
    <div className="doctor-card first-available">
      <div>
        <h2 className="h5 mb-1">
          <Link
            className="stretched-link"
            to={firstAvailablePath(filters.specialty, visitType?.id, only(ANY_DOCTOR_FILTERS, filters))}
          >
            <Trans>First available</Trans>
          </Link>
        </h2>
        <p className="mb-1">
          <Trans>With any available doctor</Trans>
        </p>
        {specialtyKnown && soonest && <NextAvailable doctor={soonest} />}
      </div>
    </div>
  );
}
