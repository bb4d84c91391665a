import type { ReactNode } from 'react';

interface SubmitButtonProps {
  busy: boolean;
  /** The label while the form is submitting. */
  busyLabel: ReactNode;
  children: ReactNode;
  onClick?: () => void;
}

export function SubmitButton({ busy, busyLabel, children, onClick }: SubmitButtonProps) {
  return (
    <button type="submit" className="btn btn-primary btn-lg" aria-busy={busy || undefined} onClick={onClick}>
      {busy && <span className="spinner-border spinner-border-sm me-2" aria-hidden="true" />}
      <span aria-live="polite">{busy ? busyLabel : children}</span>
    </button>
  );
}
