import { useEffect, useState } from 'react';

const EVERY_MS = 10_000;

/** The time on the server's clock in milliseconds, which moves on every ten seconds. */
export function useServerTime(clockAhead: number): number {
  const [device, setDevice] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setDevice(Date.now()), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return device + clockAhead;
}
