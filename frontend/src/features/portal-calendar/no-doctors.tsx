import { Trans } from '@lingui/react/macro';

/** At a clinic without doctors. */
export function NoDoctors() {
  return (
    <div className="portal-card">
      <p className="mb-0">
        <Trans>The clinic has no doctors yet. A clinic admin adds them on the admin site.</Trans>
      </p>
    </div>
  );
}
