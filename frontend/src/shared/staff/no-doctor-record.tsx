import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import { useStaff } from './staff-context';

/** Explains to a doctor whose account has no doctor's record how to get one. */
export function NoDoctorRecord() {
  const { email } = useStaff();
  return (
    <div className="portal-narrow">
      <p>
        <Trans>Your account is not connected to a doctor’s record yet, so you have no calendar.</Trans>
      </p>
      <p>
        <Trans>
          Ask a clinic admin to open your record under Doctors on the admin site, and to choose{' '}
          <strong>{email}</strong> as “Signs in as”.
        </Trans>
      </p>
      <p>
        <Link to="/portal/settings">
          <Trans>Change your password and other settings</Trans>
        </Link>
      </p>
    </div>
  );
}
