import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
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
  const { t } = useLingui();
  const years = doctor.years_of_experience;
  const languages = languageNames(doctor.languages);
  // One text, like the server's: as several, the browser takes it for a larger paint.
  const facts = [
    languages && t`Speaks ${languages}`,
    years > 0 && t`${plural(years, { one: '# year of experience', other: '# years of experience' })}`,
  ];
  return (
    <header className="doctor-summary">
      <Avatar name={doctor.name} photo={doctor.photo} large />
      <div>
        <PageHeading title={doctor.display_name} page={doctor.id + visitType} className="mb-1" />
        {doctor.qualification && <p className="mb-1 text-body-secondary">{doctor.qualification}</p>}
        <p className="mb-1">{specialtyNames(doctor.specialties)}</p>
        <p className="mb-0 text-body-secondary">{facts.filter(Boolean).join(' · ')}</p>
      </div>
      {doctor.bio && <p className="doctor-bio">{doctor.bio}</p>}
    </header>
  );
}
