import { Trans, useLingui } from '@lingui/react/macro';
import type { RefObject } from 'react';
import { isApiError } from '@/shared/api/api-error';
import type { FormError } from '@/shared/forms/error-summary';
import { errorText } from '@/shared/ui/error-text';

export const PHONE_FIELD = 'phone';

interface PhoneFieldProps {
  input: RefObject<HTMLInputElement | null>;
  error: string | undefined;
}

/** Asks for the number that the clinic calls. Shown for a visit by phone if the user has none. */
export function PhoneField({ input, error }: PhoneFieldProps) {
  const { t } = useLingui();
  const described = [`${PHONE_FIELD}-hint`, ...(error ? [`${PHONE_FIELD}-error`] : [])].join(' ');
  return (
    <div className={error ? 'field field-invalid' : 'field'}>
      <label className="form-label" htmlFor={PHONE_FIELD}>
        {t`Phone number`}
      </label>
      <div id={`${PHONE_FIELD}-hint`} className="form-text">
        <Trans>We will call this number at the time of your appointment.</Trans>
      </div>
      {error && (
        <p id={`${PHONE_FIELD}-error`} className="field-error">
          {error}
        </p>
      )}
      <input
        ref={input}
        id={PHONE_FIELD}
        name={PHONE_FIELD}
        type="tel"
        autoComplete="tel"
        className="form-control"
        aria-invalid={error ? true : undefined}
        aria-describedby={described}
      />
    </div>
  );
}

/** The error of a number that the server refused, for the error list. */
export function phoneError(error: Error): FormError {
  const message = isApiError(error) ? error.errors.phone?.[0] : undefined;
  return { field: PHONE_FIELD, message: message ?? errorText(error) };
}
