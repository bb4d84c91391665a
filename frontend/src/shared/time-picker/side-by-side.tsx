import { Plural, Trans } from '@lingui/react/macro';
import type { Doctor, Slot } from '@/shared/api/types';
import { longDate } from '@/shared/times/format';
import { Avatar } from '@/shared/ui/avatar';
import { specialtyNames } from '@/shared/ui/labels';
import { DayParts } from './day-parts';
import { groupDays } from './week';

interface SideBySideProps {
  doctors: Doctor[];
  from: string;
  /** Soonest first. */
  slots: Slot[];
  chosen: string | null;
  choose: (slot: Slot) => void;
}

/** The times of several doctors in columns, the doctor with the soonest time first. */
export function SideBySide({ doctors, slots, ...props }: SideBySideProps) {
  const position = ({ id }: Doctor) => {
    const first = slots.findIndex(({ doctor }) => doctor === id);
    return first < 0 ? slots.length : first;
  };
  const sorted = [...doctors].sort((one, other) => position(one) - position(other));
  return (
    <div className="side-by-side">
      {sorted.map((doctor) => (
        <DoctorColumn
          key={doctor.id}
          doctor={doctor}
          slots={slots.filter((slot) => slot.doctor === doctor.id)}
          {...props}
        />
      ))}
    </div>
  );
}

interface DoctorColumnProps extends Omit<SideBySideProps, 'doctors'> {
  doctor: Doctor;
}

function DoctorColumn({ doctor, from, slots, ...props }: DoctorColumnProps) {
  const days = groupDays(from, slots).filter((group) => group.kind === 'times');
  return (
    <section className="side" aria-labelledby={`doctor-${doctor.id}`}>
      <div className="side-doctor">
        <Avatar name={doctor.name} photo={doctor.photo} />
        <div>
          <h3 className="h6 mb-0" id={`doctor-${doctor.id}`}>
            {doctor.display_name}
          </h3>
          <p className="mb-0 small text-body-secondary">{specialtyNames(doctor.specialties)}</p>
        </div>
      </div>
      {days.map(({ date, slots: ofDay }, index) => (
        <fieldset key={date} className="day">
          <legend>
            {longDate(date)},{' '}
            <span className="day-count">
              <Plural value={ofDay.length} one="# time" other="# times" />
            </span>
          </legend>
          <DayParts slots={ofDay} isFirst={index === 0} {...props} />
        </fieldset>
      ))}
      {days.length === 0 && (
        <p className="empty-days">
          <Trans>No times on these days</Trans>
        </p>
      )}
    </section>
  );
}
