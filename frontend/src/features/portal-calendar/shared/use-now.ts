import { useEffect, useState } from 'react';

const STEP_MS = 20_000;

/** Returns the device's time, three times a minute. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), STEP_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** The minutes since the day began; null on another day. */
export function minuteNow(day: { starts_at: string; ends_at: string }, now: number): number | null {
  const [start, end] = [Date.parse(day.starts_at), Date.parse(day.ends_at)];
  return start <= now && now < end ? (now - start) / 60_000 : null;
}
