import type { ComponentProps } from 'react';

type ChoiceProps = Omit<ComponentProps<'input'>, 'type' | 'id'> & { id: string };

/** One radio of a group, with its words beside it. */
export function Choice({ children, ...input }: ChoiceProps) {
  return (
    <div className="choice">
      <input type="radio" {...input} />
      <label htmlFor={input.id}>{children}</label>
    </div>
  );
}
