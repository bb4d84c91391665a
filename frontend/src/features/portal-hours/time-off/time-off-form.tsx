import { Trans, useLingui } from '@lingui/react/macro';
import type { FormEvent } from 'react';
import { useClinic } from '@/shared/clinic/clinic-context';
import { Choice } from '@/shared/forms/choice';
import { ErrorList } from '@/shared/forms/error-summary';
import { Labelled } from '@/shared/forms/labelled';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useFormErrors } from '@/shared/forms/use-form-errors';
import { todayIn } from '@/shared/times/dates';
import { weekdays } from '@/shared/times/weekdays';
import { TimeField } from '../schedule/time-field';
import { type TimeOffValues, timeOffErrors } from './time-off-values';

interface TimeOffFormProps {
  values: TimeOffValues;
  change: (values: TimeOffValues) => void;
  note: string;
  setNote: (note: string) => void;
  submit: () => void;
  busy: boolean;
}

export function TimeOffForm({ values, change, note, setNote, submit, busy }: TimeOffFormProps) {
  const { t } = useLingui();
  const { errors, attempts, errorAt, show } = useFormErrors();
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (show(timeOffErrors(values)) && !busy) submit();
  };
  const isLonger = values.to !== '' && values.to !== values.from;
  return (
    <form noValidate onSubmit={onSubmit} className="portal-card">
      <ErrorList errors={errors} attempts={attempts} />
      <fieldset className="field" aria-label={t`How long`}>
        <Choice
          id="kind-days"
          name="kind"
          checked={values.kind === 'days'}
          onChange={() => change({ ...values, kind: 'days' })}
        >
          <Trans>Whole days</Trans>
        </Choice>
        <Choice
          id="kind-part"
          name="kind"
          checked={values.kind === 'part'}
          onChange={() => change({ ...values, kind: 'part' })}
        >
          <Trans>Part of a day, such as a meeting</Trans>
        </Choice>
      </fieldset>
      <Dates values={values} change={change} errorAt={errorAt} />
      {values.kind === 'part' && <Hours values={values} change={change} errorAt={errorAt} />}
      {isLonger && <Weekdays values={values} change={change} error={errorAt('weekday-0')} />}
      <Labelled
        id="reason"
        label={t`Reason`}
        optional
        hint={t`We show it in the calendar, and to patients whose appointment is moved or cancelled.`}
      >
        <input
          id="reason"
          className="form-control"
          maxLength={120}
          aria-describedby="reason-hint"
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </Labelled>
      <SubmitButton busy={busy} busyLabel={<Trans>Checking…</Trans>}>
        <Trans>Continue</Trans>
      </SubmitButton>
    </form>
  );
}

interface PartProps {
  values: TimeOffValues;
  change: (values: TimeOffValues) => void;
  errorAt: (field: string) => string | undefined;
}

function Dates({ values, change, errorAt }: PartProps) {
  const { t } = useLingui();
  const today = todayIn(useClinic().time_zone);
  const date = (name: 'from' | 'to') => ({
    id: name,
    type: 'date',
    className: 'form-control date-field',
    min: today,
    value: values[name],
    'aria-invalid': errorAt(name) ? true : undefined,
  });
  return (
    <div className="field-columns">
      <Labelled id="from" label={t`First day`} error={errorAt('from')}>
        <input {...date('from')} onChange={(event) => change({ ...values, from: event.target.value })} />
      </Labelled>
      <Labelled id="to" label={t`Last day`} optional error={errorAt('to')}>
        <input {...date('to')} onChange={(event) => change({ ...values, to: event.target.value })} />
      </Labelled>
    </div>
  );
}

function Hours({ values, change, errorAt }: PartProps) {
  const { t } = useLingui();
  const { tz_label } = useClinic();
  return (
    <>
      <div className="field-columns">
        <Labelled id="opens" label={t`From`} error={errorAt('opens')}>
          <TimeField
            id="opens"
            value={values.opens}
            change={(opens) => change({ ...values, opens })}
            error={errorAt('opens')}
          />
        </Labelled>
        <Labelled id="closes" label={t`Until`} error={errorAt('closes')}>
          <TimeField
            id="closes"
            value={values.closes}
            change={(closes) => change({ ...values, closes })}
            error={errorAt('closes')}
          />
        </Labelled>
      </div>
      <p className="text-body-secondary">
        <Trans>
          Times are {tz_label}, or local to the place where you work. You can type 9, 9:30 or 0930.
        </Trans>
      </p>
    </>
  );
}

function Weekdays({ values, change, error }: Omit<PartProps, 'errorAt'> & { error?: string }) {
  const { t } = useLingui();
  const toggle = (number: number) => {
    const chosen = values.weekdays.includes(number)
      ? values.weekdays.filter((each) => each !== number)
      : [...values.weekdays, number];
    change({ ...values, weekdays: chosen });
  };
  return (
    <fieldset className={error ? 'field field-invalid' : 'field'}>
      <legend>{t`On these weekdays`}</legend>
      {error && <p className="field-error">{error}</p>}
      <div className="hours-copy-days">
        {weekdays().map(({ number, name }) => (
          <Choice
            key={number}
            type="checkbox"
            id={`weekday-${number}`}
            checked={values.weekdays.includes(number)}
            onChange={() => toggle(number)}
          >
            {name}
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}
