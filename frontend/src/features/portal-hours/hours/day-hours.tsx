import { Trans, useLingui } from '@lingui/react/macro';
import type { Place } from '@/gen';
import type { FormError } from '@/shared/forms/error-summary';
import { Icon } from '@/shared/staff/icon';
import { CopyDay } from './copy-day';
import { IntervalFields } from './interval-fields';
import { addInterval, copyDay, fieldId, type Interval, ofDay } from './week';

interface DayHoursProps {
  day: { number: number; name: string };
  week: Interval[];
  change: (week: Interval[]) => void;
  places: Place[];
  errors: FormError[];
}

/** Moves the focus to an element that is about to be rendered. */
const focusOn = (id: string) => requestAnimationFrame(() => document.getElementById(id)?.focus());

/** The intervals of one weekday. */
export function DayHours({ day, week, change, places, errors }: DayHoursProps) {
  const { t } = useLingui();
  const addButton = `add-hours-${day.number}`;
  const rows = ofDay(week, day.number);
  const add = () => {
    const next = addInterval(week, day.number);
    const added = next.at(-1);
    change(next);
    if (added) focusOn(fieldId(added.id, 'opens'));
  };
  const edit = (changed: Interval) => change(week.map((row) => (row.id === changed.id ? changed : row)));
  const remove = (id: number) => {
    change(week.filter((row) => row.id !== id));
    focusOn(addButton);
  };
  const actions = (
    <>
      {rows.length > 0 && <CopyDay day={day} copy={(to) => change(copyDay(week, day.number, to))} />}
      <button
        id={addButton}
        type="button"
        className="hours-add"
        aria-label={t`Add hours on ${day.name}`}
        onClick={add}
      >
        <Icon name="plus" />
        <Trans>Add hours</Trans>
      </button>
    </>
  );
  return (
    <fieldset className="hours-day">
      <legend>{day.name}</legend>
      <div className="hours-intervals">
        {rows.length === 0 && (
          <div className="hours-under">
            <span className="hours-closed">
              <Trans>No hours</Trans>
            </span>
            {actions}
          </div>
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
          >
            {index === rows.length - 1 && actions}
          </IntervalFields>
        ))}
      </div>
    </fieldset>
  );
}
