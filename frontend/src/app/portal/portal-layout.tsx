import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { StaffIdleWarning } from '@/app/layout/staff-idle-warning';
import { useClearCacheOnSignOut } from '@/app/layout/use-clear-cache-on-sign-out';
import { PortalHeader } from './portal-header';
import { PortalOfflineNotice } from './portal-offline-notice';

/** A bar with the sections: at the side on wide screens, at the top behind a button on narrow ones. */
export function PortalLayout({ children }: { children: ReactNode }) {
  useClearCacheOnSignOut();
  return (
    <div className="portal">
      <a className="skip-link" href="#main">
        <Trans>Skip to main content</Trans>
      </a>
      <PortalHeader />
      <div className="portal-content">
        <PortalOfflineNotice />
        <StaffIdleWarning />
        <main id="main" tabIndex={-1} className="portal-page">
          {children}
        </main>
      </div>
    </div>
  );
}
