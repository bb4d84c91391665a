import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import { useUser } from '@/shared/session/get-user';

/** Tells users whose account has no password to choose one, in forms that ask for it. */
export function PasswordNeeded() {
  const { data: user } = useUser();
  if (!user || user.has_password) return null;
  return (
    <p className="notice">
      <Trans>
        Your account has no password yet. <Link to="/profile/password">Choose a password</Link> first.
      </Trans>
    </p>
  );
}
