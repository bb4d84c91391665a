import { type ReactNode, useState } from 'react';

interface FoldProps {
  className: string;
  name: ReactNode;
  /** Whether it is open. It stays open when this ends, until the user closes it. */
  isOpen: boolean;
  children: ReactNode;
}

/** Content that can be folded away. */
export function Fold({ className, name, isOpen, children }: FoldProps) {
  const [open, setOpen] = useState(isOpen);
  return (
    <details
      className={`fold ${className}`}
      open={open || isOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>{name}</summary>
      {children}
    </details>
  );
}
