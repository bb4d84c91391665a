import { useLingui } from '@lingui/react/macro';
import type { ComponentProps } from 'react';
import { parseTime } from './clock-text';

type TimeFieldProps = Omit<ComponentProps<'input'>, 'onChange' | 'value' | 'id'> & {
  id: string;
  value: string;
  change: (value: string) => void;
  error?: string;
};

/** A time of day. Understands "9", "9:30", "0930" and "9 pm", and shows "09:30" when it loses the focus. */
export function TimeField({ value, change, error, ...input }: TimeFieldProps) {
  const { t } = useLingui();
  return (
    <input
      {...input}
      type="text"
      autoComplete="off"
      inputMode="text"
      maxLength={8}
      className="form-control time-field"
      placeholder={t`hh:mm`}
      aria-invalid={error ? true : undefined}
      value={value}
      onChange={(event) => change(event.target.value)}
      onBlur={() => change(parseTime(value) ?? value)}
    />
  );
}
