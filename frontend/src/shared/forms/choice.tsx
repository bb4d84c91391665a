import type { ComponentProps } from 'react';

type ChoiceProps = Omit<ComponentProps<'input'>, 'type' | 'id'> & { id: string; type?: 'radio' | 'checkbox' };

/** A radio button or checkbox with its label. */
export function Choice({ children, type = 'radio', ...input }: ChoiceProps) {
  return (
    <div className="choice">
      <input type={type} {...input} />
      <label htmlFor={input.id}>{children}</label>
    </div>
  );
}
