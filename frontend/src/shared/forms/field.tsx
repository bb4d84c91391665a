import { Trans } from '@lingui/react/macro';
import type { ComponentProps, ReactNode } from 'react';
import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';

interface FieldProps<T extends FieldValues> {
  form: UseFormReturn<T>;
  name: Path<T>;
  label: ReactNode;
  hint?: ReactNode;
  optional?: boolean;
}

type TextFieldProps<T extends FieldValues> = FieldProps<T> & Omit<ComponentProps<'input'>, 'name' | 'form'>;

export function TextField<T extends FieldValues>(props: TextFieldProps<T>) {
  const { form, name, label, hint, optional, className = '', ...input } = props;
  return (
    <Labelled {...{ form, name, label, hint, optional }}>
      <input {...input} className={`form-control ${className}`} {...wiring(form, name, hint)} />
    </Labelled>
  );
}

type TextAreaOptions = Pick<ComponentProps<'textarea'>, 'rows' | 'maxLength' | 'autoComplete'>;

export function TextArea<T extends FieldValues>(props: FieldProps<T> & TextAreaOptions) {
  const { form, name, label, hint, optional, ...area } = props;
  return (
    <Labelled {...{ form, name, label, hint, optional }}>
      <textarea {...area} className="form-control" {...wiring(form, name, hint)} />
    </Labelled>
  );
}

export function SelectField<T extends FieldValues>(props: FieldProps<T> & { children: ReactNode }) {
  const { form, name, label, hint, optional, children } = props;
  return (
    <Labelled {...{ form, name, label, hint, optional }}>
      <select className="form-select" {...wiring(form, name, hint)}>
        {children}
      </select>
    </Labelled>
  );
}

/** What ties an input to its form, its hint and its error. */
export function wiring<T extends FieldValues>(form: UseFormReturn<T>, name: Path<T>, hint?: ReactNode) {
  const wrong = form.getFieldState(name, form.formState).invalid;
  const described = [hint && `${name}-hint`, wrong && `${name}-error`].filter(Boolean).join(' ');
  return {
    id: name,
    'aria-invalid': wrong || undefined,
    'aria-describedby': described || undefined,
    ...form.register(name),
  };
}

export function Labelled<T extends FieldValues>(props: FieldProps<T> & { children: ReactNode }) {
  const { form, name, label, hint, optional, children } = props;
  const { error } = form.getFieldState(name, form.formState);
  return (
    <div className={error ? 'field field-wrong' : 'field'}>
      <label className="form-label" htmlFor={name}>
        {label}
        {optional && (
          <span className="fw-normal text-body-secondary">
            {' '}
            <Trans>(optional)</Trans>
          </span>
        )}
      </label>
      {hint && (
        <div id={`${name}-hint`} className="form-text">
          {hint}
        </div>
      )}
      {error?.message && (
        <p id={`${name}-error`} className="field-error">
          {error.message}
        </p>
      )}
      {children}
    </div>
  );
}
