import type { ComponentProps, ReactNode } from 'react';
import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';
import { Labelled } from './labelled';

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
    <LabelledField {...{ form, name, label, hint, optional }}>
      <input {...input} className={`form-control ${className}`} {...inputProps(form, name, hint)} />
    </LabelledField>
  );
}

type TextAreaOptions = Pick<ComponentProps<'textarea'>, 'rows' | 'maxLength' | 'autoComplete'>;

export function TextArea<T extends FieldValues>(props: FieldProps<T> & TextAreaOptions) {
  const { form, name, label, hint, optional, ...area } = props;
  return (
    <LabelledField {...{ form, name, label, hint, optional }}>
      <textarea {...area} className="form-control" {...inputProps(form, name, hint)} />
    </LabelledField>
  );
}

export function SelectField<T extends FieldValues>(props: FieldProps<T> & { children: ReactNode }) {
  const { form, name, label, hint, optional, children } = props;
  return (
    <LabelledField {...{ form, name, label, hint, optional }}>
      <select className="form-select" {...inputProps(form, name, hint)}>
        {children}
      </select>
    </LabelledField>
  );
}

/** The props that connect an input to its form, hint and error. */
export function inputProps<T extends FieldValues>(form: UseFormReturn<T>, name: Path<T>, hint?: ReactNode) {
  const invalid = form.getFieldState(name, form.formState).invalid;
  const describedBy = [hint && `${name}-hint`, invalid && `${name}-error`].filter(Boolean).join(' ');
  return {
    id: name,
    'aria-invalid': invalid || undefined,
    'aria-describedby': describedBy || undefined,
    ...form.register(name),
  };
}

export function LabelledField<T extends FieldValues>(props: FieldProps<T> & { children: ReactNode }) {
  const { form, name, ...labelled } = props;
  const { error } = form.getFieldState(name, form.formState);
  return <Labelled {...labelled} id={name} error={error?.message} />;
}
