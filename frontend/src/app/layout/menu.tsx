import { Trans, useLingui } from '@lingui/react/macro';
import type { KeyboardEvent } from 'react';
import { NavLink, useNavigate } from 'react-router';
import { useSignOut } from '@/features/account/sign-out';
import { releaseHold } from '@/features/booking/release-hold';
import { deleteAllDrafts } from '@/shared/session/draft';
import { useUser } from '@/shared/session/get-user';
import { isSignedIn } from '@/shared/session/session';
import { useSignedIn } from '@/shared/session/use-session';

interface MenuProps {
  open: boolean;
  close: () => void;
}

export function Menu({ open, close }: MenuProps) {
  const { t } = useLingui();
  const signedIn = useSignedIn();
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && open) close();
  };
  return (
    <nav
      id="menu"
      aria-label={t`Main`}
      className={open ? 'menu menu-open' : 'menu'}
      onKeyDown={closeOnEscape}
    >
      {signedIn ? <PersonalItems /> : <GuestItems />}
    </nav>
  );
}

function FindDoctor() {
  return (
    <NavLink to="/doctors" className="menu-item">
      <Trans>Find a doctor</Trans>
    </NavLink>
  );
}

function GuestItems() {
  return (
    <>
      <FindDoctor />
      <NavLink to="/register" className="menu-item">
        <Trans>Register</Trans>
      </NavLink>
      <NavLink to="/sign-in" className="menu-item">
        <Trans>Sign in</Trans>
      </NavLink>
    </>
  );
}

function PersonalItems() {
  const { data: user } = useUser();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const leave = async () => {
    await releaseHold();
    deleteAllDrafts();
    await signOut.mutateAsync().catch(() => undefined);
    if (!isSignedIn()) navigate('/');
  };
  return (
    <>
      {user && user.role !== 'patient' ? (
        <NavLink to="/portal" className="menu-item">
          <Trans>Portal</Trans>
        </NavLink>
      ) : (
        <FindDoctor />
      )}
      {user?.role === 'patient' && <PatientItems />}
      <button type="button" className="menu-item" onClick={leave}>
        <Trans>Sign out</Trans>
      </button>
      {signOut.isError && (
        <p role="alert" className="menu-item mb-0">
          <Trans>You are still signed in because we could not connect to the clinic. Try again.</Trans>
        </p>
      )}
    </>
  );
}

function PatientItems() {
  return (
    <>
      <NavLink to="/appointments" className="menu-item">
        <Trans>My appointments</Trans>
      </NavLink>
      <NavLink to="/profile" className="menu-item">
        <Trans>My details</Trans>
      </NavLink>
    </>
  );
}
