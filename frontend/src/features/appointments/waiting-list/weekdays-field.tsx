import { Trans } from '@lingui/react/macro';
import type { UseFormReturn } from 'react-hook-form';
import { Choice } from '@/shared/forms/choice';
import { weekdays } from '@/shared/times/weekdays';

const NAME = 'weekdays';

/** The values of the form for joining the waiting list. */
export interface WaitingListForm {
  from: string;
  to: string;
  weekdays: string[];
  patient: string;
}

/** Checkboxes for the days of the week. None means any day. */
export function WeekdaysField({ form }: { form: UseFormReturn<WaitingListForm> }) {
  const { error } = form.getFieldState(NAME, form.formState);
  const describedBy = error ? `${NAME}-hint ${NAME}-error` : `${NAME}-hint`;
  return (
    <fieldset className={error ? 'field field-invalid' : 'field'} aria-describedby={describedBy}>
      <legend>
        <Trans>Days of the week that suit you</Trans>
      </legend>
      <div id={`${NAME}-hint`} className="form-text">
        <Trans>Leave all boxes empty if any day suits you.</Trans>
      </div>
      {error?.message && (
        <p id={`${NAME}-error`} className="field-error">
          {error.message}
        </p>
      )}
      {weekdays().map(({ number, name }, index) => (
        <Choice
          key={name}
          type="checkbox"
          id={index === 0 ? NAME : `${NAME}-${number}`}
          value={number}
          {...form.register(NAME)}
        >
          {name}
        </Choice>
      ))}
    </fieldset>
  );
}
