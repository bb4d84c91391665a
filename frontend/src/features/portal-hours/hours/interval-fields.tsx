import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { Place } from '@/gen';
import type { FormError } from '@/shared/forms/error-summary';
import { Icon } from '@/shared/staff/icon';
import { MinutesField } from '../schedule/slot-minutes';
import { TimeField } from '../schedule/time-field';
import { IntervalOptions } from './interval-options';
import { fieldId, type Interval } from './week';

interface IntervalFieldsProps {
  row: Interval;
  /** "Monday", or "Monday, hours 2" */
  name: string;
  places: Place[];
  errors: FormError[];
  edit: (row: Interval) => void;
  remove: () => void;
  /** Actions of the day, after its last interval. */
  children?: ReactNode;
}

export function IntervalFields({ row, name, places, errors, edit, remove, children }: IntervalFieldsProps) {
  const { t } = useLingui();
  const errorAt = (field: keyof Interval) =>
    errors.find((error) => error.field === fieldId(row.id, field))?.message;
  const own = errors.filter(({ field }) => field.startsWith(`hours-${row.id}-`));
  const errorId = `hours-${row.id}-errors`;
  const describedBy = own.length > 0 ? errorId : undefined;
  return (
    <div className={own.length > 0 ? 'hours-interval field-invalid' : 'hours-interval'}>
      {own.length > 0 && (
        <div id={errorId} className="field-error">
          {own.map(({ field, message }) => (
            <p key={field} className="mb-0">
              {message}
            </p>
          ))}
        </div>
      )}
      <div className="hours-line">
        <TimeField
          id={fieldId(row.id, 'opens')}
          aria-label={t`${name}: start`}
          aria-describedby={describedBy}
          value={row.opens}
          change={(opens) => edit({ ...row, opens })}
          error={errorAt('opens')}
        />
        <span aria-hidden="true">–</span>
        <TimeField
          id={fieldId(row.id, 'closes')}
          aria-label={t`${name}: end`}
          aria-describedby={describedBy}
          value={row.closes}
          change={(closes) => edit({ ...row, closes })}
          error={errorAt('closes')}
        />
        <span className="hours-length">
          <MinutesField
            id={fieldId(row.id, 'slotMinutes')}
            aria-label={t`${name}: minutes for each appointment`}
            aria-describedby={describedBy}
            aria-invalid={errorAt('slotMinutes') ? true : undefined}
            value={row.slotMinutes}
            change={(slotMinutes) => edit({ ...row, slotMinutes })}
          />
          <span aria-hidden="true">
            <Trans>min each</Trans>
          </span>
        </span>
        <button
          type="button"
          className="hours-remove"
          aria-label={t`Remove ${name}, ${row.opens} to ${row.closes}`}
          onClick={remove}
        >
          <Icon name="close" />
        </button>
      </div>
      <div className="hours-under">
        <IntervalOptions row={row} name={name} places={places} edit={edit} error={errorAt('validUntil')} />
        {children}
      </div>
    </div>
  );
}
