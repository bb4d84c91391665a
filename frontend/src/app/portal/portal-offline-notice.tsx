import { Trans } from '@lingui/react/macro';
import { useSyncExternalStore } from 'react';

// Not shared with the patients' notice: the first page would have to export it.
function subscribe(listener: () => void): () => void {
  const stop = new AbortController();
  window.addEventListener('online', listener, { signal: stop.signal });
  window.addEventListener('offline', listener, { signal: stop.signal });
  return () => stop.abort();
}

/** Says that the device is offline, and that nothing which was typed is lost. It stays in view. */
export function PortalOfflineNotice() {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    <div role="status" className="portal-offline">
      {!online && (
        <p className="offline">
          <Trans>
            You are offline. What you see may be out of date. What you have typed stays here: save it when you
            are connected again.
          </Trans>
        </p>
      )}
    </div>
  );
}
