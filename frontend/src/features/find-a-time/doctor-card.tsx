import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { Doctor, VisitType } from '@/shared/api/types';
import { VISIT_TYPE } from '@/shared/paths/booking-paths';
import { withQuery } from '@/shared/paths/with-query';
import { type Filters, only, TIME_FILTERS } from '@/shared/search/filters';
import { Avatar } from '@/shared/ui/avatar';
import { languageNames, specialtyNames } from '@/shared/ui/labels';
import { NextAvailable } from './next-available';

interface DoctorCardProps {
  doctor: Doctor;
  visitType: VisitType | null;
  /** The filters in use. Those that apply to times stay in the link. */
  filters: Filters;
}

export function DoctorCard({ doctor, visitType, filters }: DoctorCardProps) {
  const languages = languageNames(doctor.languages);
  return (
    <article className="doctor-card">
      <Avatar name={doctor.name} photo={doctor.photo} />
      <div>
        <h3 className="h5 mb-1">
          <Link
            className="stretched-link"
            to={withQuery(`/doctors/${doctor.id}`, {
              [VISIT_TYPE]: visitType?.id,
              ...only(TIME_FILTERS, filters),
            })}
          >
            {doctor.display_name}
          </Link>
        </h3>
        <p className="mb-1">{specialtyNames(doctor.specialties)}</p>
        {languages && (
          <p className="mb-2 small text-body-secondary">
            <Trans>Speaks {languages}</Trans>
          </p>
        )}
        <NextAvailable doctor={doctor} />
      </div>
    </article>
  );
}
