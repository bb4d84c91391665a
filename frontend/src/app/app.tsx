import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { BrowserRouter } from 'react-router';
import { Loading } from '@/shared/ui/loading';
import { ClinicGate } from './clinic-gate';
import { AppFailed } from './failures/app-failed';
import { ErrorBoundary } from './failures/error-boundary';
import { AppRoutes } from './routes';
import './connect-session';

export function App({ queries }: { queries: QueryClient }) {
  return (
    <I18nProvider i18n={i18n}>
      <ErrorBoundary fallback={<AppFailed />} loading={<Loading />}>
        <QueryClientProvider client={queries}>
          <BrowserRouter>
            <ClinicGate>
              <AppRoutes />
            </ClinicGate>
          </BrowserRouter>
        </QueryClientProvider>
      </ErrorBoundary>
    </I18nProvider>
  );
}
