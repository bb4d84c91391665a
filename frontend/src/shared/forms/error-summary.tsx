import { Trans, useLingui } from '@lingui/react/macro';
import { type MouseEvent, useEffect, useLayoutEffect, useRef } from 'react';
import type { FieldValues, FormState } from 'react-hook-form';

export interface Problem {
  field: string;
  message: string;
}

function problemsOf<T extends FieldValues>({ errors }: FormState<T>): Problem[] {
  const { root, ...fields } = errors;
  const found = Object.entries(fields).map(([field, error]) => ({ field, message: String(error?.message) }));
  const general = root?.server?.message;
  return general ? [...found, { field: '', message: general }] : found;
}

/** Says at the top what to correct, each line leading to its field; takes focus after every try. */
export function ErrorSummary<T extends FieldValues>({ state }: { state: FormState<T> }) {
  return <Problems problems={problemsOf(state)} tries={state.submitCount} />;
}

export function Problems({ problems, tries }: { problems: Problem[]; tries: number }) {
  const { t } = useLingui();
  const box = useRef<HTMLDivElement>(null);
  const wrong = problems.length > 0;
  useLayoutEffect(() => {
    if (tries > 0) box.current?.focus();
  }, [tries]);
  useEffect(() => {
    if (!wrong) return;
    const title = document.title;
    document.title = t`Error: ${title}`;
    return () => {
      document.title = title;
    };
  }, [wrong, t]);
  if (!wrong) return null;
  return (
    <div ref={box} tabIndex={-1} role="alert" className="error-summary mb-4">
      <h2 className="h5">
        <Trans>There is a problem</Trans>
      </h2>
      <ul className="list-unstyled mb-0">
        {problems.map((problem) => (
          <li key={problem.field}>
            <ProblemLine {...problem} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function ProblemLine({ field, message }: Problem) {
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
