import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { Doctor, VisitType } from '@/shared/api/types';
import { VISIT_TYPE } from '@/shared/paths/booking-paths';
import { address } from '@/shared/paths/with-query';
import { Avatar } from '@/shared/ui/avatar';
import { languageNames, specialtyNames } from '@/shared/ui/labels';
import { NextTime } from './next-available';

interface DoctorCardProps {
  doctor: Doctor;
  visitType: VisitType | null;
}

export function DoctorCard({ doctor, visitType }: DoctorCardProps) {
  const speaks = languageNames(doctor.languages);
  return (
    <article className="doctor-card">
      <Avatar name={doctor.name} />
      <div>
        <h3 className="h5 mb-1">
          <Link
            className="stretched-link"
            to={address(`/doctors/${doctor.id}`, { [VISIT_TYPE]: visitType?.id })}
          >
            {doctor.display_name}
          </Link>
        </h3>
        <p className="mb-1">{specialtyNames(doctor.specialties)}</p>
        {speaks && (
          <p className="mb-2 small text-body-secondary">
            <Trans>Speaks {speaks}</Trans>
          </p>
        )}
        <NextTime doctor={doctor} />
      </div>
    </article>
  );
}
