import { Trans } from '@lingui/react/macro';
import { useSearchParams } from 'react-router';
import type { Booking, Slot } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { addDays, isDate, todayIn } from '@/shared/times/dates';
import type { DoctorChoice } from './doctor-choice';
import { TimeForm } from './time-form';
import { WeekNav } from './week-nav';

interface TimePickerProps {
  doctorChoice: DoctorChoice;
  visitType: string | undefined;
  /** The booking for which another time is chosen. */
  moving?: Booking;
  /** The first day to show if the URL has none. Defaults to today. */
  initialDate?: string;
  onContinue: (slot: Slot) => void;
}

/** Lets the user choose a time, one week at a time. */
export function TimePicker({ doctorChoice, visitType, moving, initialDate, onContinue }: TimePickerProps) {
  const clinic = useClinic();
  const [params] = useSearchParams();
  const today = todayIn(clinic.time_zone);
  const requested = params.get('from') ?? initialDate ?? null;
  const from = isDate(requested) && requested > today ? requested : today;
  return (
    <section aria-labelledby="times">
      <h2 id="times" className="h4 mb-1">
        <Trans>Choose a time</Trans>
      </h2>
      <p className="text-body-secondary">
        <Trans>All times are {clinic.tz_label}.</Trans>
      </p>
      <WeekNav from={from} today={today} horizon={addDays(today, clinic.booking_rules.horizon_days)} />
      <TimeForm
        key={from}
        doctorChoice={doctorChoice}
        from={from}
        visitType={visitType}
        moving={moving}
        onContinue={onContinue}
      />
    </section>
  );
}
