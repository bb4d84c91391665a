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
          <Trans>
            You are offline. This page may be out of date. You need an internet connection to book.
          </Trans>
        </p>
      )}
    </div>
  );
}
