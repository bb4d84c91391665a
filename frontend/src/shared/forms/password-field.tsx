import { Trans } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';
import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';
import { inputProps, LabelledField } from './field';

interface PasswordFieldProps<T extends FieldValues> {
  form: UseFormReturn<T>;
  name: Path<T>;
  label: ReactNode;
  hint?: ReactNode;
  autoComplete: 'current-password' | 'new-password';
}

export function PasswordField<T extends FieldValues>(props: PasswordFieldProps<T>) {
  const { form, name, label, hint, autoComplete } = props;
  const [shown, setShown] = useState(false);
  return (
    <LabelledField {...{ form, name, label, hint }}>
      <div className="d-flex gap-2">
        <input
          type={shown ? 'text' : 'password'}
          className="form-control"
          autoComplete={autoComplete}
          autoCapitalize="none"
          spellCheck={false}
          {...inputProps(form, name, hint)}
        />
        <button
          type="button"
          className="btn btn-outline-primary"
          aria-controls={name}
          onClick={() => setShown(!shown)}
        >
          {shown ? <Trans>Hide</Trans> : <Trans>Show</Trans>}
          <span className="visually-hidden">
            {' '}
            <Trans>password</Trans>
          </span>
        </button>
      </div>
    </LabelledField>
  );
}
