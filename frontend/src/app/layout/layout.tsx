import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { Footer } from './footer';
import { Header } from './header';
import { OfflineNotice } from './offline-notice';
import { StaffIdleWarning } from './staff-idle-warning';
import { useClearCacheOnSignOut } from './use-clear-cache-on-sign-out';
import { useReleaseHold } from './use-release-hold';
import { useScrollToTop } from './use-scroll-to-top';

export function Layout({ children }: { children: ReactNode }) {
  useScrollToTop();
  useClearCacheOnSignOut();
  useReleaseHold();
  return (
    <>
      <a className="skip-link" href="#main">
        <Trans>Skip to main content</Trans>
      </a>
      <Header />
      <OfflineNotice />
      <StaffIdleWarning />
      <main id="main" tabIndex={-1} className="container page">
        {children}
      </main>
      <Footer />
    </>
  );
}
