import { Trans, useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, useRef, useState } from 'react';
import { Link, NavLink, useLocation, useNavigate } from 'react-router';
import { useSignOut } from '@/features/account/sign-out';
import { useClinic } from '@/shared/clinic/clinic-context';
import { deleteAllDrafts } from '@/shared/session/draft';
import { isSignedIn } from '@/shared/session/session';
import { Icon } from '@/shared/staff/icon';
import { useShortcuts } from '@/shared/staff/shortcuts';
import { isFrontDesk, useStaff } from '@/shared/staff/staff-context';
import { useSections } from './sections';
import { ShortcutsDialog } from './shortcuts-dialog';

/** The clinic's name, the sections of the portal, the user's name and the way out. */
export function PortalHeader() {
  const { t } = useLingui();
  const { name } = useClinic();
  const { key: here } = useLocation();
  const navigate = useNavigate();
  const staff = useStaff();
  const button = useRef<HTMLButtonElement>(null);
  const [openAt, setOpenAt] = useState<string | null>(null);
  const [showsShortcuts, setShowsShortcuts] = useState(false);
  const open = openAt === here; // closes on every navigation
  useShortcuts({
    '?': () => setShowsShortcuts(true),
    ...(isFrontDesk(staff) && { n: () => navigate('/portal/new') }),
  });
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return;
    setOpenAt(null);
    button.current?.focus();
  };
  return (
    <header className="portal-header">
      <div className="portal-header-top">
        <Link to="/portal" className="brand">
          <span className="brand-mark" aria-hidden="true">
            {name[0]}
          </span>
          {name}
        </Link>
        <button
          ref={button}
          type="button"
          className="btn btn-outline-primary portal-menu-button"
          aria-expanded={open}
          aria-controls="portal-menu"
          onClick={() => setOpenAt(open ? null : here)}
        >
          <Trans>Menu</Trans>
        </button>
      </div>
      <nav
        id="portal-menu"
        aria-label={t`Main`}
        className={open ? 'portal-menu is-open' : 'portal-menu'}
        onKeyDown={closeOnEscape}
      >
        <Sections />
        <ul className="portal-sections portal-sections-end">
          {staff.role === 'admin' && (
            <li>
              <a href="/admin/" className="portal-section">
                <Icon name="settings" />
                <Trans>Admin site</Trans>
              </a>
            </li>
          )}
          <li>
            <button type="button" className="portal-section" onClick={() => setShowsShortcuts(true)}>
              <Icon name="question" />
              <Trans>Keyboard shortcuts</Trans>
            </button>
          </li>
          <li>
            <SignOutButton />
          </li>
        </ul>
        <p className="portal-user">
          <Trans>
            Signed in as {staff.first_name} {staff.last_name}
          </Trans>
        </p>
      </nav>
      {showsShortcuts && <ShortcutsDialog close={() => setShowsShortcuts(false)} />}
    </header>
  );
}

function Sections() {
  const staff = useStaff();
  const sections = useSections();
  return (
    <>
      {isFrontDesk(staff) && (
        <Link to="/portal/new" className="btn btn-primary portal-new">
          <Icon name="plus" />
          <Trans>New booking</Trans>
        </Link>
      )}
      <ul className="portal-sections">
        {sections.map(({ to, icon, label }) => (
          <li key={to}>
            <NavLink to={to} end={to === '/portal'} className="portal-section">
              <Icon name={icon} />
              {label}
            </NavLink>
          </li>
        ))}
      </ul>
    </>
  );
}

function SignOutButton() {
  const signOut = useSignOut();
  const navigate = useNavigate();
  const leave = async () => {
    deleteAllDrafts();
    await signOut.mutateAsync().catch(() => undefined);
    if (!isSignedIn()) navigate('/sign-in');
  };
  return (
    <>
      <button type="button" className="portal-section" onClick={leave}>
        <Icon name="next" />
        <Trans>Sign out</Trans>
      </button>
      {signOut.isError && (
        <p role="alert" className="portal-user">
          <Trans>You are still signed in because we could not connect to the clinic. Try again.</Trans>
        </p>
      )}
    </>
  );
}
