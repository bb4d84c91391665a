import { Plural, Trans } from '@lingui/react/macro';
import type { Doctor } from '@/shared/api/types';
import { Avatar } from '@/shared/ui/avatar';
import { languageNames, specialtyNames } from '@/shared/ui/labels';
import { PageHeading } from '@/shared/ui/page-heading';

interface DoctorSummaryProps {
  doctor: Doctor;
  /** Its choice is a step of the page: the heading takes the focus again. */
  visitType: string | null;
}

export function DoctorSummary({ doctor, visitType }: DoctorSummaryProps) {
  const years = doctor.years_of_experience;
  const languages = languageNames(doctor.languages);
  return (
    <header className="doctor-summary">
      <Avatar name={doctor.name} photo={doctor.photo} large />
      <div>
        <PageHeading title={doctor.display_name} page={doctor.id + visitType} className="mb-1" />
        {doctor.qualification && <p className="mb-1 text-body-secondary">{doctor.qualification}</p>}
        <p className="mb-1">{specialtyNames(doctor.specialties)}</p>
        <p className="mb-0 text-body-secondary">
          {languages && <Trans>Speaks {languages}</Trans>}
          {languages && years > 0 && ' · '}
          {years > 0 && <Plural value={years} one="# year of experience" other="# years of experience" />}
        </p>
      </div>
      {doctor.bio && <p className="doctor-bio">{doctor.bio}</p>}
    </header>
  );
}
