import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect } from 'react';
import { Link } from 'react-router';
import { signOut } from '@/shared/session/session';
import { PageHeading } from '@/shared/ui/page-heading';

export function AccountClosed() {
  const { t } = useLingui();
  // Ended only here: without a session, the previous page would redirect to the sign-in page.
  useEffect(() => {
    signOut();
  }, []);
  return (
    <div className="narrow">
      <PageHeading title={t`Your account is closed`} />
      <p>
        <Trans>We will send you an email to confirm this.</Trans>
      </p>
      <Link to="/">
        <Trans>Go to the home page</Trans>
      </Link>
    </div>
  );
}
