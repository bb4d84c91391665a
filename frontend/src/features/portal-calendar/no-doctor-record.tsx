import { Trans } from '@lingui/react/macro';

/** For a doctor's account that is not connected to a doctor. */
export function NoDoctorRecord() {
  return (
    <div className="portal-card">
      <p>
        <Trans>Your account is not connected to a doctor’s record yet, so you have no calendar.</Trans>
      </p>
      <p className="mb-0">
        <Trans>Ask a clinic admin to choose your account in your doctor’s record on the admin site.</Trans>
      </p>
    </div>
  );
}
