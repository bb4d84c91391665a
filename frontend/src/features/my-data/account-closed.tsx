import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect } from 'react';
import { Link } from 'react-router';
import { dropAllDrafts } from '@/shared/session/draft';
import { endSession } from '@/shared/session/session';
import { PageHeading } from '@/shared/ui/page-heading';

export function AccountClosed() {
  const { t } = useLingui();
  // Only now: without a session the page that led here would have sent its reader to sign in.
  useEffect(() => {
    dropAllDrafts();
    endSession();
  }, []);
  return (
    <div className="narrow">
      <PageHeading title={t`Your account is closed`} />
      <p>
        <Trans>We are sending you a last e-mail that confirms it.</Trans>
      </p>
      <Link to="/">
        <Trans>To the first page</Trans>
      </Link>
    </div>
  );
}
