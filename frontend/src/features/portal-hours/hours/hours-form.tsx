import { Trans, useLingui } from '@lingui/react/macro';
import type { FormEvent, ReactNode } from 'react';
import type { ScheduleDays } from '@/gen';
import { ErrorList } from '@/shared/forms/error-summary';
import { Labelled } from '@/shared/forms/labelled';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useFormErrors } from '@/shared/forms/use-form-errors';
import { weekdays } from '@/shared/times/weekdays';
import { DayHours } from './day-hours';
import type { HoursDraft } from './hours-draft';
import { PreviewTimes, Total, usePreviewTimes } from './preview-times';
import { addInterval, fieldId, type Interval, weekErrors } from './week';

interface HoursFormProps {
  doctor: string | undefined;
  draft: HoursDraft;
  schedule: ScheduleDays;
  save: () => void;
  busy: boolean;
  error: ReactNode;
}

export function HoursForm({ doctor, draft, schedule, save, busy, error }: HoursFormProps) {
  const zones = new Map(schedule.places.map(({ id, time_zone }) => [id, time_zone]));
  const zoneOf = (place: string) => zones.get(place) ?? schedule.time_zone;
  const { errors, attempts, show } = useFormErrors();
  const now = weekErrors(draft.week, zoneOf);
  const isValid = now.length === 0;
  const preview = usePreviewTimes(doctor, draft, isValid);
  // Errors appear when the form is submitted, and disappear when they are corrected.
  const shown = errors.filter(({ field, message }) =>
    now.some((e) => e.field === field && e.message === message),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (show(now) && !busy) save();
  };
  return (
    <form noValidate onSubmit={submit}>
      <ErrorList errors={shown} attempts={attempts} />
      {error}
      {draft.base.length === 0 && draft.week.length === 0 && <FirstHours draft={draft} />}
      <div className="hours-columns">
        <div className="portal-card hours-week">
          <p className="text-body-secondary">
            <Zones schedule={schedule} />
          </p>
          {weekdays().map(({ number, name }) => (
            <DayHours
              key={number}
              day={{ number, name }}
              week={draft.week}
              change={draft.change}
              places={schedule.places}
              errors={shown}
            />
          ))}
          <StartsOn draft={draft} schedule={schedule} />
          <div className="hours-actions">
            {preview.data && (
              <p className="hours-total-inline" aria-hidden="true">
                <Total preview={preview.data} stale={!isValid} />
              </p>
            )}
            <SubmitButton busy={busy} busyLabel={<Trans>Checking…</Trans>}>
              <Trans>Save hours</Trans>
            </SubmitButton>
            {draft.isChanged && (
              <button
                type="button"
                className="btn btn-outline-primary"
                onClick={() => draft.change(draft.base)}
              >
                <Trans>Discard changes</Trans>
              </button>
            )}
          </div>
        </div>
        <PreviewTimes query={preview} draft={draft} isValid={isValid} />
      </div>
    </form>
  );
}

function Zones({ schedule: { places, time_zone, tz_label } }: { schedule: ScheduleDays }) {
  return places.some((place) => place.time_zone !== time_zone) ? (
    <Trans>
      Times are local to the place where you work. At the clinic’s own address, they are {tz_label}.
    </Trans>
  ) : (
    <Trans>Times are {tz_label}. You can type 9, 9:30 or 0930; the end of the day is 24:00.</Trans>
  );
}

/** The earliest start of a change is tomorrow. */
function StartsOn({ draft, schedule }: { draft: HoursDraft; schedule: ScheduleDays }) {
  const { t } = useLingui();
  return (
    <Labelled
      id="starts-on"
      label={t`First day of these changes`}
      optional
      hint={t`Leave this empty to change the hours from now on. The current hours apply until that day.`}
    >
      <input
        id="starts-on"
        type="date"
        className="form-control date-field"
        aria-describedby="starts-on-hint"
        min={schedule.days[1]?.date}
        value={draft.startsOn}
        onChange={(event) => draft.setStartsOn(event.target.value)}
      />
    </Labelled>
  );
}

function FirstHours({ draft }: { draft: HoursDraft }) {
  const { t } = useLingui();
  const fill = () => {
    const week = [0, 1, 2, 3, 4].reduce(addInterval, [] as Interval[]);
    draft.change(week);
    const first = week[0];
    if (first) requestAnimationFrame(() => document.getElementById(fieldId(first.id, 'opens'))?.focus());
  };
  return (
    <div className="notice">
      <h2 className="h5">{t`Set your hours`}</h2>
      <p>
        <Trans>
          Patients cannot book with you yet. Add the hours in which you see patients. We divide them into
          appointment times. You can change them at any time.
        </Trans>
      </p>
      <button type="button" className="btn btn-primary" onClick={fill}>
        <Trans>Start with Monday to Friday, 09:00 to 17:00</Trans>
      </button>
    </div>
  );
}
