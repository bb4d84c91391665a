import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from '@/app/app';
import { createQueryClient } from '@/app/query-client';
import { startSession } from '@/shared/session/session';

/** Renders the whole app at a URL, with real routes and requests to the mock server. */
export function visit(path: string) {
  window.history.replaceState(null, '', path);
  const queries = createQueryClient();
  queries.setDefaultOptions({ queries: { ...queries.getDefaultOptions().queries, retryDelay: 1 } });
  render(<App queries={queries} />);
  return { person: userEvent.setup(), queries };
}

export function signedIn(): void {
  startSession('access-1', 'user-1');
}

export const address = () => window.location.pathname + window.location.search;
