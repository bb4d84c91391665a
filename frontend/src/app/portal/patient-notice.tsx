import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import { PageHeading } from '@/shared/ui/page-heading';

/** Tells patients that the portal is for staff. */
export function PatientNotice() {
  const { t } = useLingui();
  return (
    <main id="main" tabIndex={-1} className="container page">
      <PageHeading title={t`This page is for the clinic’s staff`} />
      <p>
        <Trans>
          You are signed in as a patient. Go to <Link to="/appointments">your appointments</Link>.
        </Trans>
      </p>
    </main>
  );
}
