import { Trans } from '@lingui/react/macro';
import { Link, useLocation } from 'react-router';

/** A link from a page about the account to the page that lists them: a patient's details, or staff's settings. */
export function BackToDetails() {
  const { pathname } = useLocation();
  return pathname.startsWith('/portal/') ? (
    <Link to="/portal/settings">
      <Trans>Back to settings</Trans>
    </Link>
  ) : (
    <Link to="/profile">
      <Trans>Back to my details</Trans>
    </Link>
  );
}
