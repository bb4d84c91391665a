import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { PageHeading } from '@/shared/ui/page-heading';

export function NotFoundPage() {
  const { t } = useLingui();
  return (
    <div className="narrow">
      <PageHeading title={t`Page not found`} />
      <p>
        <Trans>
          Check that the web address is correct. You can also <Link to="/doctors">find a doctor</Link> or see{' '}
          <Link to="/appointments">your appointments</Link>.
        </Trans>
      </p>
      <CallTheClinic />
    </div>
  );
}
