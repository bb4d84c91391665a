import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

export function SummaryList({ children }: { children: ReactNode }) {
  return <dl className="summary-list">{children}</dl>;
}

interface SummaryRowProps {
  label: string;
  children: ReactNode;
  /** The page for changing this answer. */
  change?: string;
}

export function SummaryRow({ label, children, change }: SummaryRowProps) {
  return (
    <div className="summary-row">
      <dt>{label}</dt>
      <dd>{children}</dd>
      {change && (
        <dd className="summary-action">
          <Link to={change}>
            <Trans>
              Change<span className="visually-hidden"> {label}</span>
            </Trans>
          </Link>
        </dd>
      )}
    </div>
  );
}
