import { Plural, Trans } from '@lingui/react/macro';
import type { Doctor, Slot } from '@/shared/api/types';
import { Avatar } from '@/shared/ui/avatar';
import { specialtyNames } from '@/shared/ui/labels';
import { DayTimes } from './day-times';
import { Fold } from './fold';
import { groupDays } from './week';

/** The number of days with times that are not folded. */
const DAYS_UNFOLDED = 2;

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
  const later = days.slice(DAYS_UNFOLDED);
  const hasChosen = later.some((day) => day.slots.some(({ id }) => id === props.chosen));
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
      {days.slice(0, DAYS_UNFOLDED).map((day, index) => (
        <DayTimes key={day.date} {...day} isFirst={index === 0} {...props} />
      ))}
      {days.length === 0 && (
        <p className="empty-days">
          <Trans>No times on these days</Trans>
        </p>
      )}
      {later.length > 0 && (
        <Fold className="more-days" name={<MoreDays number={later.length} />} isOpen={hasChosen}>
          <div className="side">
            {later.map((day) => (
              <DayTimes key={day.date} {...day} isFirst={false} {...props} />
            ))}
          </div>
        </Fold>
      )}
    </section>
  );
}

const MoreDays = ({ number }: { number: number }) => (
  <Plural value={number} one="# more day" other="# more days" />
);
