import { Trans } from '@lingui/react/macro';
import type { UseFormReturn } from 'react-hook-form';
import { Choice } from '@/shared/forms/choice';
import { weekdayNames } from '@/shared/times/weekdays';

const NAME = 'weekdays';

/** What is asked of whoever joins the waiting list. */
export interface Joining {
  from: string;
  to: string;
  weekdays: string[];
  patient: string;
}

/** Any days of the week; none stands for all. */
export function WeekdaysField({ form }: { form: UseFormReturn<Joining> }) {
  const { error } = form.getFieldState(NAME, form.formState);
  const described = error ? `${NAME}-hint ${NAME}-error` : `${NAME}-hint`;
  return (
    <fieldset className={error ? 'field field-wrong' : 'field'} aria-describedby={described}>
      <legend>
        <Trans>Days of the week that suit you</Trans>
      </legend>
      <div id={`${NAME}-hint`} className="form-text">
        <Trans>Choose none if any day suits you.</Trans>
      </div>
      {error?.message && (
        <p id={`${NAME}-error`} className="field-error">
          {error.message}
        </p>
      )}
      {weekdayNames().map((name, day) => (
        <Choice
          key={name}
          type="checkbox"
          id={day === 0 ? NAME : `${NAME}-${day}`}
          value={day}
          {...form.register(NAME)}
        >
          {name}
        </Choice>
      ))}
    </fieldset>
  );
}
