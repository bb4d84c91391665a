import { Trans } from '@lingui/react/macro';

/** The whole app could not be rendered. */
export function AppFailed() {
  return (
    <main className="container py-5 app-failed" role="alert">
      <h1>
        <Trans>Something went wrong</Trans>
      </h1>
      <p>
        <Trans>We could not show this page. Your appointments are not affected.</Trans>
      </p>
      <button type="button" className="btn btn-primary" onClick={() => window.location.reload()}>
        <Trans>Reload the page</Trans>
      </button>
    </main>
  );
}
