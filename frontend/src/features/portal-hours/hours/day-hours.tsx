import { Trans, useLingui } from '@lingui/react/macro';
import { useRef } from 'react';
import type { Place } from '@/gen';
import type { FormError } from '@/shared/forms/error-summary';
import { Icon } from '@/shared/staff/icon';
import { CopyDay } from './copy-day';
import { IntervalFields } from './interval-fields';
import { addInterval, copyDay, fieldId, type Interval, ofDay } from './week';

const USUAL_MINUTES = 20;

interface DayHoursProps {
  day: { number: number; name: string };
  week: Interval[];
  change: (week: Interval[]) => void;
  places: Place[];
  errors: FormError[];
}

/** The intervals of one weekday. */
export function DayHours({ day, week, change, places, errors }: DayHoursProps) {
  const { t } = useLingui();
  const addButton = useRef<HTMLButtonElement>(null);
  const rows = ofDay(week, day.number);
  const add = () => {
    const next = addInterval(week, day.number, USUAL_MINUTES);
    const added = next.at(-1);
    change(next);
    if (added) requestAnimationFrame(() => document.getElementById(fieldId(added.id, 'opens'))?.focus());
  };
  const edit = (changed: Interval) => change(week.map((row) => (row.id === changed.id ? changed : row)));
  const remove = (id: number) => {
    change(week.filter((row) => row.id !== id));
    addButton.current?.focus();
  };
  return (
    <fieldset className="hours-day">
      <legend>{day.name}</legend>
      <div className="hours-intervals">
        {rows.length === 0 && (
          <p className="hours-closed">
            <Trans>No hours</Trans>
          </p>
        )}
        {rows.map((row, index) => (
          <IntervalFields
            key={row.id}
            row={row}
            name={rows.length > 1 ? t`${day.name}, hours ${index + 1}` : day.name}
            places={places}
            errors={errors}
            edit={edit}
            remove={() => remove(row.id)}
          />
        ))}
      </div>
      <div className="hours-day-actions">
        <button
          ref={addButton}
          type="button"
          className="btn btn-sm btn-outline-primary"
          aria-label={t`Add hours on ${day.name}`}
          onClick={add}
        >
          <Icon name="plus" />
          <Trans>Add hours</Trans>
        </button>
        {rows.length > 0 && <CopyDay day={day} copy={(to) => change(copyDay(week, day.number, to))} />}
      </div>
    </fieldset>
  );
}
