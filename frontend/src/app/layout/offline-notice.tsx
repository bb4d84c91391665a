import { Trans } from '@lingui/react/macro';
import { type ReactNode, useSyncExternalStore } from 'react';

function onChange(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

/** Says that the device is offline: with the text for patients, or another. */
export function OfflineNotice({ children }: { children?: ReactNode }) {
  const online = useSyncExternalStore(onChange, () => navigator.onLine);
  return (
    <div role="status">
      {!online && (
        <p className="offline">
          {children ?? (
            <Trans>
              You are offline. This page may be out of date. You need an internet connection to book.
            </Trans>
          )}
        </p>
      )}
    </div>
  );
}
