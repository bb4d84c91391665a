import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ClinicProvider } from '@/shared/clinic/clinic-context';
import { clinicQuery } from '@/shared/clinic/get-clinic';
import { errorText, errorTitle } from '@/shared/ui/error-text';
import { Loading } from '@/shared/ui/loading';

/** Renders the app once the clinic's data is loaded. */
export function ClinicGate({ children }: { children: ReactNode }) {
  const { data, error, refetch } = useQuery(clinicQuery());
  if (data) return <ClinicProvider value={data}>{children}</ClinicProvider>;
  if (!error) return <Loading />;
  return (
    <main className="container py-5" role="alert">
      <h1>{errorTitle(error)}</h1>
      <p>{errorText(error)}</p>
      <button type="button" className="btn btn-primary" onClick={() => refetch()}>
        <Trans>Try again</Trans>
      </button>
    </main>
  );
}
