import { Trans } from '@lingui/react/macro';
import { useSyncExternalStore } from 'react';

function onChange(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

export function OfflineNotice() {
  const online = useSyncExternalStore(onChange, () => navigator.onLine);
  return (
    <div role="status">
      {!online && (
        <p className="offline">
          <Trans>You are offline. What you see may be out of date, and booking needs a connection.</Trans>
        </p>
      )}
    </div>
  );
}
