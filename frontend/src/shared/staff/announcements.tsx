import { Trans } from '@lingui/react/macro';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';

interface Announcement {
  text: string;
  /** Undoes what the text says. */
  undo?: () => void;
  /** How long it can be undone. */
  seconds?: number;
}

const SECONDS = 8;

const AnnounceContext = createContext<(announcement: Announcement) => void>(() => undefined);

/** Returns a function that says what has happened, at the bottom of the page and to screen readers. */
export const useAnnounce = () => useContext(AnnounceContext);

/** Shows the last announcement. It stays while it has the focus or the pointer is over it. */
export function Announcements({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Announcement & { id: number }>();
  const [isKept, setKept] = useState(false);
  const announce = useCallback(
    (announcement: Announcement) => setShown((before) => ({ ...announcement, id: (before?.id ?? 0) + 1 })),
    [],
  );
  const close = useCallback(() => {
    setShown(undefined);
    setKept(false);
  }, []);
  useEffect(() => {
    if (!shown || isKept) return;
    const timer = setTimeout(close, (shown.seconds ?? SECONDS) * 1000);
    return () => clearTimeout(timer);
  }, [shown, isKept, close]);
  return (
    <AnnounceContext value={announce}>
      {children}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: hovering only keeps the text on the screen */}
      <div
        className="announcements"
        onFocus={() => setKept(true)}
        onBlur={() => setKept(false)}
        onMouseEnter={() => setKept(true)}
        onMouseLeave={() => setKept(false)}
      >
        <div role="status">{shown && <p key={shown.id}>{shown.text}</p>}</div>
        {shown?.undo && (
          <button
            type="button"
            className="announcement-undo"
            onClick={() => {
              shown.undo?.();
              close();
            }}
          >
            <Trans>Undo</Trans>
          </button>
        )}
      </div>
    </AnnounceContext>
  );
}
