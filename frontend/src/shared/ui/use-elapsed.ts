import { useEffect, useState } from 'react';

/** Whole seconds since `start` (ms since 1970), counted while it is given. */
export function useElapsed(start: number | null): number {
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (start === null) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [start]);
  return start === null ? 0 : Math.max(0, Math.round((now - start) / 1000));
}
