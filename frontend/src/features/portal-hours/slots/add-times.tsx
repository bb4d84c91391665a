import { t } from '@lingui/core/macro';
import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { type FormEvent, useRef, useState } from 'react';
import { isApiError } from '@/shared/api/api-error';
import { useClinic } from '@/shared/clinic/clinic-context';
import { Choice } from '@/shared/forms/choice';
import { ErrorList, type FormError } from '@/shared/forms/error-summary';
import { Labelled } from '@/shared/forms/labelled';
import { useFormErrors } from '@/shared/forms/use-form-errors';
import { todayIn } from '@/shared/times/dates';
import { errorDetails } from '@/shared/ui/error-text';
import { parseTime } from '../schedule/clock-text';
import { isSlotLength, MinutesField } from '../schedule/slot-minutes';
import { TimeField } from '../schedule/time-field';
import { useAddSlots } from './slots';

const EMPTY = { date: '', opens: '', closes: '', minutes: '20', duringTimeOff: false };
type Values = typeof EMPTY;

/** Adds times on one date, in addition to the hours. */
export function AddTimes() {
  const { t } = useLingui();
  const { time_zone, tz_label } = useClinic();
  const [values, setValues] = useState<Values>(EMPTY);
  const { errors, attempts, errorAt, show } = useFormErrors();
  const first = useRef<HTMLInputElement>(null);
  const add = useAddSlots();
  const isTimeOff = isApiError(add.error, 'during_time_off');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!show(valueErrors(values)) || add.isPending) return;
    const { date, opens, closes, minutes, duringTimeOff } = values;
    add.mutate(
      {
        ...{ date, from: parseTime(opens) ?? opens, to: parseTime(closes) ?? closes },
        ...{ slot_minutes: Number(minutes), during_time_off: duringTimeOff },
      },
      {
        onSuccess: () => {
          setValues({ ...EMPTY, minutes });
          first.current?.focus();
        },
      },
    );
  };
  return (
    <form noValidate onSubmit={submit} className="add-times">
      <ErrorList errors={errors} attempts={attempts} />
      <p role="status" className={add.isSuccess ? 'notice notice-success' : undefined}>
        {add.isSuccess && (
          <Plural value={add.data.length} one="# time was added." other="# times were added." />
        )}
      </p>
      {add.isError && (
        <p role="alert" className="notice notice-danger">
          {errorDetails(add.error)}
        </p>
      )}
      <Labelled id="slot-date" label={t`Date`} error={errorAt('slot-date')}>
        <input
          ref={first}
          id="slot-date"
          type="date"
          className="form-control date-field"
          min={todayIn(time_zone)}
          value={values.date}
          onChange={(event) => setValues({ ...values, date: event.target.value })}
        />
      </Labelled>
      <Times values={values} change={setValues} errorAt={errorAt} />
      {isTimeOff && (
        <Choice
          type="checkbox"
          id="during-time-off"
          checked={values.duringTimeOff}
          onChange={() => setValues({ ...values, duringTimeOff: !values.duringTimeOff })}
        >
          <Trans>Offer these times even though they are in time off</Trans>
        </Choice>
      )}
      <p className="text-body-secondary">
        <Trans>Times are {tz_label}. We add as many appointments as fit.</Trans>
      </p>
      <button type="submit" className="btn btn-primary" aria-busy={add.isPending || undefined}>
        <Trans>Add times</Trans>
      </button>
    </form>
  );
}

interface TimesProps {
  values: Values;
  change: (values: Values) => void;
  errorAt: (field: string) => string | undefined;
}

function Times({ values, change, errorAt }: TimesProps) {
  const { t } = useLingui();
  return (
    <div className="field-columns">
      <Labelled id="slot-from" label={t`From`} error={errorAt('slot-from')}>
        <TimeField
          id="slot-from"
          value={values.opens}
          change={(opens) => change({ ...values, opens })}
          error={errorAt('slot-from')}
        />
      </Labelled>
      <Labelled id="slot-until" label={t`Until`} error={errorAt('slot-until')}>
        <TimeField
          id="slot-until"
          value={values.closes}
          change={(closes) => change({ ...values, closes })}
          error={errorAt('slot-until')}
        />
      </Labelled>
      <Labelled id="slot-minutes" label={t`Minutes each`} error={errorAt('slot-minutes')}>
        <MinutesField
          id="slot-minutes"
          value={values.minutes}
          change={(minutes) => change({ ...values, minutes })}
        />
      </Labelled>
    </div>
  );
}

function valueErrors({ date, opens, closes, minutes }: Values): FormError[] {
  const errors: FormError[] = [];
  const [start, end] = [parseTime(opens), parseTime(closes)];
  const add = (field: string, message: string) => errors.push({ field, message });
  if (!date) add('slot-date', t`Enter a date`);
  if (!start) add('slot-from', t`Enter a start, such as 18:00`);
  if (!end) add('slot-until', t`Enter an end, such as 19:30 or 24:00`);
  if (start && end && end <= start) add('slot-until', t`The end must be after the start`);
  if (!isSlotLength(minutes)) add('slot-minutes', t`Enter an appointment length of 5 to 480 minutes`);
  return errors;
}
