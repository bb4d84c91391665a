import type { ComponentProps } from 'react';

type ChoiceProps = Omit<ComponentProps<'input'>, 'type' | 'id'> & { id: string; type?: 'radio' | 'checkbox' };

/** One radio of a group, or one checkbox, with its words beside it. */
export function Choice({ children, type = 'radio', ...input }: ChoiceProps) {
  return (
    <div className="choice">
      <input type={type} {...input} />
      <label htmlFor={input.id}>{children}</label>
    </div>
  );
}
