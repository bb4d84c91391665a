import { Trans } from '@lingui/react/macro';
import { type ReactNode, Suspense } from 'react';
import { useLocation } from 'react-router';
import { Loading } from '@/shared/ui/loading';
import { ErrorBoundary } from '../failures/error-boundary';
import { PageFailed } from '../failures/page-failed';
import { Footer } from './footer';
import { Header } from './header';
import { OfflineNotice } from './offline-notice';
import { StaffIdleWarning } from './staff-idle-warning';
import { useClearCacheOnSignOut } from './use-clear-cache-on-sign-out';
import { useReleaseHold } from './use-release-hold';
import { useScrollToTop } from './use-scroll-to-top';

export function Layout({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
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
        <ErrorBoundary path={pathname} fallback={<PageFailed />} loading={<Loading />}>
          <Suspense fallback={<Loading />}>{children}</Suspense>
        </ErrorBoundary>
      </main>
      <Footer />
    </>
  );
}
