import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';

export function Loading({ children }: { children?: ReactNode }) {
  return (
    <div role="status" className="loading">
      <span className="spinner-border" aria-hidden="true" />
      <span>{children ?? <Trans>Loading…</Trans>}</span>
    </div>
  );
}
