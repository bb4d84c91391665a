import { Trans } from '@lingui/react/macro';
import { Component, type ReactNode } from 'react';

/** Shows an error page with a reload button when rendering fails. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  render() {
    if (!this.state.failed) return this.props.children;
    return (
      <main className="container py-5" role="alert">
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
}
