import type { ComponentProps } from 'react';

const MIN = 5;
const MAX = 480;

/** Whether a text is an appointment length that the server accepts. */
export function isSlotLength(text: string): boolean {
  const minutes = Number(text);
  return Number.isInteger(minutes) && minutes >= MIN && minutes <= MAX;
}

type MinutesFieldProps = Omit<ComponentProps<'input'>, 'onChange' | 'value' | 'id'> & {
  id: string;
  value: string;
  change: (value: string) => void;
};

/** The length of an appointment, in minutes. */
export function MinutesField({ value, change, ...input }: MinutesFieldProps) {
  return (
    <input
      {...input}
      type="text"
      inputMode="numeric"
      maxLength={3}
      className="form-control minutes-field"
      value={value}
      onChange={(event) => change(event.target.value.trim())}
    />
  );
}
