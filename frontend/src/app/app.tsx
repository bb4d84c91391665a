import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { BrowserRouter } from 'react-router';
import { ClinicGate } from './clinic-gate';
import { ErrorBoundary } from './error-boundary';
import { AppRoutes } from './routes';
import './connect-session';

export function App({ queries }: { queries: QueryClient }) {
  return (
    <I18nProvider i18n={i18n}>
      <ErrorBoundary>
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
