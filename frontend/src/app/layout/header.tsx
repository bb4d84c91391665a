import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { Link, useLocation } from 'react-router';
import { useClinic } from '@/shared/clinic/clinic-context';
import { Menu } from './menu';

export function Header() {
  const { pathname } = useLocation();
  const [openAt, setOpenAt] = useState<string | null>(null);
  // A menu opened on another page is closed again by having gone there.
  const open = openAt === pathname;
  return (
    <header className="site-header">
      <div className="container site-header-row">
        <Brand />
        <button
          type="button"
          className="btn btn-outline-primary menu-button"
          aria-expanded={open}
          aria-controls="menu"
          onClick={() => setOpenAt(open ? null : pathname)}
        >
          <Trans>Menu</Trans>
        </button>
        <Menu open={open} close={() => setOpenAt(null)} />
      </div>
    </header>
  );
}

function Brand() {
  const { name, branding } = useClinic();
  return (
    <Link to="/" className="brand">
      {branding.logo_url ? (
        <img src={branding.logo_url} alt="" className="brand-logo" />
      ) : (
        <span className="brand-mark" aria-hidden="true">
          {name[0]}
        </span>
      )}
      {name}
    </Link>
  );
}
