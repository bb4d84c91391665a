import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import { PageHeading } from '@/shared/ui/page-heading';

/** A web address below /portal/ that does not exist. */
export function PortalNotFound() {
  const { t } = useLingui();
  return (
    <div className="portal-narrow">
      <PageHeading title={t`Page not found`} />
      <p>
        <Trans>
          Check that the web address is correct. You can also go to <Link to="/portal">Today</Link> or to the{' '}
          <Link to="/portal/calendar">calendar</Link>.
        </Trans>
      </p>
    </div>
  );
}
