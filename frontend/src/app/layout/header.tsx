import { Trans } from '@lingui/react/macro';
import { useRef, useState } from 'react';
import { Link, useLocation } from 'react-router';
import { useClinic } from '@/shared/clinic/clinic-context';
import { Menu } from './menu';

export function Header() {
  const { key: here } = useLocation();
  const button = useRef<HTMLButtonElement>(null);
  const [openAt, setOpenAt] = useState<string | null>(null);
  // The menu closes on every navigation.
  const open = openAt === here;
  const close = () => {
    setOpenAt(null);
    button.current?.focus();
  };
  return (
    <header className="site-header">
      <div className="container site-header-row">
        <Brand />
        <button
          ref={button}
          type="button"
          className="btn btn-outline-primary menu-button"
          aria-expanded={open}
          aria-controls="menu"
          onClick={() => setOpenAt(open ? null : here)}
        >
          <Trans>Menu</Trans>
        </button>
        <Menu open={open} close={close} />
      </div>
    </header>
  );
}

function Brand() {
  const {
    name,
    branding: { logo },
  } = useClinic();
  return (
    <Link to="/" className="brand">
      {logo ? (
        <img className="brand-logo" src={logo.src} width={logo.width} height={logo.height} alt="" />
      ) : (
        <span className="brand-mark" aria-hidden="true">
          {name[0]}
        </span>
      )}
      {name}
    </Link>
  );
}
