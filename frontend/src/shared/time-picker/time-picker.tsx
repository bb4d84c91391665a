import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import type { SearchOptions } from '@/gen';
import type { Booking, Slot } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { ANY_DOCTOR_FILTERS, filterFields, filtersOf, TIME_FILTERS } from '@/shared/search/filters';
import { useSearchOptions } from '@/shared/search/search-options';
import { addDays, isDate, todayIn } from '@/shared/times/dates';
import { Loading } from '@/shared/ui/loading';
import { ChooseDate } from './choose-date';
import { type DoctorChoice, openSlotsParams } from './doctor-choice';
import type { TimesQuery } from './open-days';
import { TimeFilters } from './time-filters';
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
  /** Links to other pages of doctors. */
  pager?: ReactNode;
}

/** Lets the user choose a time, one week at a time. */
export function TimePicker(props: TimePickerProps) {
  const clinic = useClinic();
  const options = useSearchOptions();
  return (
    <section aria-labelledby="times">
      <h2 id="times" className="h4 mb-1">
        <Trans>Choose a time</Trans>
      </h2>
      <p className="text-body-secondary">
        <Trans>All times are {clinic.tz_label}.</Trans>
      </p>
      {options ? <Times {...props} options={options} /> : <Loading />}
    </section>
  );
}

interface TimesProps extends TimePickerProps {
  options: SearchOptions;
}

function Times({ options, doctorChoice, initialDate, ...props }: TimesProps) {
  const clinic = useClinic();
  const [params] = useSearchParams();
  const today = todayIn(clinic.time_zone);
  const horizon = addDays(today, clinic.booking_rules.horizon_days);
  const requested = params.get('from') ?? initialDate ?? null;
  const from = isDate(requested) && requested > today ? requested : today;
  const names = 'doctor' in doctorChoice ? TIME_FILTERS : ANY_DOCTOR_FILTERS;
  const fields = filterFields(names, params, { options });
  const { language, sex, ...ofTimes } = filtersOf(fields);
  const times = {
    // The doctors side by side have been searched for with these already.
    ...('doctors' in doctorChoice ? ofTimes : { ...ofTimes, language, sex }),
    ...openSlotsParams(doctorChoice),
    visit_type: props.visitType,
    moving: props.moving?.id,
  } as TimesQuery;
  return (
    <>
      <TimeFilters fields={fields} />
      <ChooseDate from={from} today={today} horizon={horizon} times={times} />
      <WeekNav from={from} today={today} horizon={horizon} />
      <TimeForm
        key={`${from}?${JSON.stringify(times)}`}
        doctorChoice={doctorChoice}
        times={times}
        isFiltered={fields.some(({ value }) => value)}
        from={from}
        {...props}
      />
    </>
  );
}
