import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';

interface LabelledProps {
  /** The id of the input. Its hint has the id `…-hint`, and its error `…-error`. */
  id: string;
  label: ReactNode;
  hint?: ReactNode;
  optional?: boolean;
  error?: string;
  children: ReactNode;
}

/** An input with its label, hint and error. */
export function Labelled({ id, label, hint, optional, error, children }: LabelledProps) {
  return (
    <div className={error ? 'field field-invalid' : 'field'}>
      <label className="form-label" htmlFor={id}>
        {label}
        {optional && (
          <span className="fw-normal text-body-secondary">
            {' '}
            <Trans>(optional)</Trans>
          </span>
        )}
      </label>
      {hint && (
        <div id={`${id}-hint`} className="form-text">
          {hint}
        </div>
      )}
      {error && (
        <p id={`${id}-error`} className="field-error">
          {error}
        </p>
      )}
      {children}
    </div>
  );
}
