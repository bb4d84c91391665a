import { Trans, useLingui } from '@lingui/react/macro';
import { type FormEvent, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { ExceptionField, ScheduleDays } from '@/gen';
import { Choice } from '@/shared/forms/choice';
import { ErrorList } from '@/shared/forms/error-summary';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useFormErrors } from '@/shared/forms/use-form-errors';
import { Icon } from '@/shared/staff/icon';
import { PlaceSelect } from '../schedule/place-select';
import { MinutesField } from '../schedule/slot-minutes';
import { TimeField } from '../schedule/time-field';
import { DayTimes } from './day-times';
import {
  type DayKind,
  type DayValues,
  dayErrors,
  newSpan,
  spanField,
  toChange,
  valuesOf,
} from './day-values';
import type { DayChange } from './exceptions';

interface DayFormProps {
  doctor: string | undefined;
  date: string;
  exception: ExceptionField | undefined;
  schedule: ScheduleDays;
  save: (change: DayChange) => void;
  busy: boolean;
  back: string;
}

export function DayForm({ doctor, date, exception, schedule, save, busy, back }: DayFormProps) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const day = schedule.days.find((each) => each.date === date);
  const [values, setValues] = useState<DayValues>(() => valuesOf(exception, day));
  const { errors, attempts, show } = useFormErrors();
  const now = dayErrors(values);
  const shown = errors.filter(({ field }) => now.some((error) => error.field === field));
  const change = toChange(date, values, exception);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!show(now) || busy) return;
    if (change) save(change);
    else navigate(back, { preventScrollReset: true });
  };
  const kinds: { kind: DayKind; label: string }[] = [
    { kind: 'week', label: day?.holiday ? t`Closed for ${day.holiday}` : t`The weekly hours` },
    { kind: 'own', label: t`Different hours` },
    { kind: 'closed', label: t`No appointments` },
  ];
  return (
    <form noValidate onSubmit={submit}>
      <ErrorList errors={shown} attempts={attempts} />
      <fieldset className="field" aria-label={t`Hours of this day`}>
        {kinds.map(({ kind, label }) => (
          <Choice
            key={kind}
            id={`kind-${kind}`}
            name="kind"
            checked={values.kind === kind}
            onChange={() => setValues({ ...values, kind })}
          >
            {label}
          </Choice>
        ))}
      </fieldset>
      {values.kind === 'own' && <OwnHours values={values} change={setValues} schedule={schedule} />}
      {change && now.length === 0 && <DayTimes doctor={doctor} change={change} />}
      <div className="hours-actions">
        <SubmitButton busy={busy} busyLabel={<Trans>Checking…</Trans>}>
          <Trans>Save this day</Trans>
        </SubmitButton>
        <Link className="btn btn-outline-primary" to={back} preventScrollReset>
          <Trans>Close</Trans>
        </Link>
      </div>
    </form>
  );
}

interface OwnHoursProps {
  values: DayValues;
  change: (values: DayValues) => void;
  schedule: ScheduleDays;
}

function OwnHours({ values, change, schedule: { places } }: OwnHoursProps) {
  const { t } = useLingui();
  const { spans } = values;
  return (
    <>
      {spans.map((span, index) => (
        <div key={span.id} className="hours-line mb-2">
          <TimeField
            id={spanField(span.id, 'opens')}
            aria-label={t`Start ${index + 1}`}
            value={span.opens}
            change={(opens) => change({ ...values, spans: spans.with(index, { ...span, opens }) })}
          />
          <span aria-hidden="true">–</span>
          <TimeField
            id={spanField(span.id, 'closes')}
            aria-label={t`End ${index + 1}`}
            value={span.closes}
            change={(closes) => change({ ...values, spans: spans.with(index, { ...span, closes }) })}
          />
          {spans.length > 1 && (
            <button
              type="button"
              className="hours-remove"
              aria-label={t`Remove ${span.opens} to ${span.closes}`}
              onClick={() => change({ ...values, spans: spans.filter(({ id }) => id !== span.id) })}
            >
              <Icon name="close" />
            </button>
          )}
        </div>
      ))}
      <button
        type="button"
        className="btn btn-sm btn-outline-primary mb-3"
        onClick={() => change({ ...values, spans: [...spans, newSpan('', '')] })}
      >
        <Icon name="plus" />
        <Trans>Add hours</Trans>
      </button>
      <div className="hours-options-fields">
        <label htmlFor="day-minutes">
          <span>
            <Trans>Minutes for each appointment</Trans>
          </span>
          <MinutesField
            id="day-minutes"
            value={values.minutes}
            change={(minutes) => change({ ...values, minutes })}
          />
        </label>
        <PlaceSelect places={places} value={values.place} change={(place) => change({ ...values, place })} />
      </div>
    </>
  );
}
