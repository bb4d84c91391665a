import { useEffect, useState } from 'react';

/** Whole seconds since `start` (milliseconds since 1970). 0 while it is null. */
export function useElapsed(start: number | null): number {
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (start === null) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [start]);
  return start === null ? 0 : Math.max(0, Math.round((now - start) / 1000));
}
