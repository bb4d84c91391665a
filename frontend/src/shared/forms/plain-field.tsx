import type { ComponentProps, ReactNode } from 'react';
import { Labelled } from './labelled';

interface PlainFieldProps extends ComponentProps<'input'> {
  name: string;
  label: ReactNode;
  hint?: ReactNode;
  error: string | undefined;
}

/** A field of a form without react-hook-form. */
export function PlainField({ name, label, hint, error, className = '', ...input }: PlainFieldProps) {
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ');
  return (
    <Labelled id={name} label={label} hint={hint} error={error}>
      <input
        {...input}
        id={name}
        name={name}
        className={`form-control ${className}`}
        aria-invalid={error ? true : undefined}
        aria-describedby={described || undefined}
      />
    </Labelled>
  );
}
