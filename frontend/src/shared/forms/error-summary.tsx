import { Trans, useLingui } from '@lingui/react/macro';
import { type MouseEvent, useEffect, useLayoutEffect, useRef } from 'react';
import type { FieldValues, FormState } from 'react-hook-form';

export interface FormError {
  field: string;
  message: string;
}

function formErrors<T extends FieldValues>({ errors }: FormState<T>): FormError[] {
  const { root, ...fields } = errors;
  const found = Object.entries(fields).map(([field, error]) => ({ field, message: String(error?.message) }));
  const general = root?.server?.message;
  return general ? [...found, { field: '', message: general }] : found;
}

/** Lists all errors at the top, each linked to its field. Takes the focus after every submit. */
export function ErrorSummary<T extends FieldValues>({ state }: { state: FormState<T> }) {
  return <ErrorList errors={formErrors(state)} attempts={state.submitCount} />;
}

export function ErrorList({ errors, attempts }: { errors: FormError[]; attempts: number }) {
  const { t } = useLingui();
  const summary = useRef<HTMLDivElement>(null);
  const hasErrors = errors.length > 0;
  useLayoutEffect(() => {
    if (attempts > 0) summary.current?.focus();
  }, [attempts]);
  useEffect(() => {
    if (!hasErrors) return;
    const title = document.title;
    document.title = t`Error: ${title}`;
    return () => {
      document.title = title;
    };
  }, [hasErrors, t]);
  if (!hasErrors) return null;
  return (
    <div ref={summary} tabIndex={-1} role="alert" className="error-summary mb-4">
      <h2 className="h5">
        <Trans>There is a problem</Trans>
      </h2>
      <ul className="list-unstyled mb-0">
        {errors.map((problem) => (
          <li key={problem.field}>
            <ErrorLink {...problem} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function ErrorLink({ field, message }: FormError) {
  if (!field) return message;
  const toField = (event: MouseEvent) => {
    event.preventDefault();
    document.getElementById(field)?.focus();
  };
  return (
    <a href={`#${field}`} onClick={toField}>
      {message}
    </a>
  );
}
