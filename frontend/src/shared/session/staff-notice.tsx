import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import { PageHeading } from '@/shared/ui/page-heading';

/** Tells staff that a page is for patients, and where their own pages are. */
export function StaffNotice() {
  const { t } = useLingui();
  return (
    <div className="narrow">
      <PageHeading title={t`This page is for patients`} />
      <p>
        <Trans>
          You are signed in as a member of staff. Go to <Link to="/portal">the portal</Link>.
        </Trans>
      </p>
      <p className="text-body-secondary">
        <Trans>To book your own appointment, sign out and then sign in with a patient account.</Trans>
      </p>
    </div>
  );
}
