import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { useStaff } from '@/shared/staff/staff-context';
import { PageHeading } from '@/shared/ui/page-heading';

/** Tells a doctor whose account belongs to no doctor of the clinic what is missing and whom to ask. */
export function NoDoctorRecord() {
  const { t } = useLingui();
  const { email } = useStaff();
  return (
    <div className="portal-narrow">
      <PageHeading title={t`Your schedule is not set up yet`} />
      <p>
        <Trans>You can sign in, but your account is not connected to a doctor of this clinic yet.</Trans>
      </p>
      <p>
        <Trans>
          Ask a clinic admin to open your entry under Doctors on the admin site, and to choose{' '}
          <strong>{email}</strong> as “Signs in as”. Your schedule then appears here.
        </Trans>
      </p>
      <CallTheClinic />
      <p>
        <Link to="/portal/settings">
          <Trans>Change your password and other settings</Trans>
        </Link>
      </p>
    </div>
  );
}
