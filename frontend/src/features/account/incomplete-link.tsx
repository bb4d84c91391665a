import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { PageHeading } from '@/shared/ui/page-heading';

/** Shown when the token is missing from an emailed link. `children` say how to get a new link. */
export function IncompleteLink({ children }: { children: ReactNode }) {
  const { t } = useLingui();
  return (
    <>
      <PageHeading title={t`This link is incomplete`} />
      <p>
        <Trans>Check that you have copied the whole link from the email, or get a new link.</Trans>
      </p>
      {children}
    </>
  );
}
