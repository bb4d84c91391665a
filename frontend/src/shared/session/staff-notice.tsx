import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { User } from '@/shared/api/types';
import { PageHeading } from '@/shared/ui/page-heading';

/** Shows staff, who have no appointments of their own, where their pages are. */
export function StaffNotice({ user }: { user: User }) {
  const { t } = useLingui();
  return (
    <div className="narrow">
      <PageHeading title={t`Hello ${user.first_name} ${user.last_name}`} />
      <p>
        <WorkplaceLink role={user.role} />
      </p>
      <p>
        <Link to="/profile/notices">
          <Trans>Emails about appointments</Trans>
        </Link>
      </p>
      <p>
        <Link to="/profile/email">
          <Trans>Change your email address</Trans>
        </Link>
      </p>
      <p>
        <Link to="/profile/password">
          <Trans>Change your password</Trans>
        </Link>
      </p>
      <p>
        <Link to="/profile/second-step">
          <Trans>Two-step sign-in</Trans>
        </Link>
      </p>
      <p>
        <Link to="/profile/sessions">
          <Trans>Your signed-in devices</Trans>
        </Link>
      </p>
      <p className="text-body-secondary">
        <Trans>To book your own appointment, sign out and then sign in with a patient account.</Trans>
      </p>
    </div>
  );
}

function WorkplaceLink({ role }: Pick<User, 'role'>) {
  if (role === 'doctor')
    return (
      <Trans>
        You are signed in as a doctor. Go to <Link to="/schedule">your schedule</Link>.
      </Trans>
    );
  if (role === 'receptionist')
    return (
      <Trans>
        You are signed in as a receptionist. Manage patients and bookings on the{' '}
        <a href="/admin/">admin site</a>.
      </Trans>
    );
  return (
    <Trans>
      You are signed in as a clinic administrator. Go to the <a href="/admin/">admin site</a>.
    </Trans>
  );
}
