import type { ReactNode } from 'react';

interface SubmitButtonProps {
  busy: boolean;
  /** The label while the form is submitting. */
  busyLabel: ReactNode;
  children: ReactNode;
  /** For what cannot be undone. */
  danger?: boolean;
  onClick?: () => void;
}

export function SubmitButton({ busy, busyLabel, children, danger, onClick }: SubmitButtonProps) {
  return (
    <button
      type="submit"
      className={`btn btn-${danger ? 'danger' : 'primary'} btn-lg`}
      aria-busy={busy || undefined}
      onClick={onClick}
    >
      {busy && <span className="spinner-border spinner-border-sm me-2" aria-hidden="true" />}
      <span aria-live="polite">{busy ? busyLabel : children}</span>
    </button>
  );
}
