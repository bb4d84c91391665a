import { useSyncExternalStore } from 'react';

const SOON_MS = 120_000;
const LAST_MS = 45_000;

export type HoldPhase = 'held' | 'soon' | 'last' | 'over';

function phaseOf(left: number): HoldPhase {
  if (left <= 0) return 'over';
  if (left <= LAST_MS) return 'last';
  return left <= SOON_MS ? 'soon' : 'held';
}

function everySecond(look: () => void): () => void {
  const timer = setInterval(look, 1000);
  return () => clearInterval(timer);
}

/** How near the end of a hold is, which is looked up: a tab that sleeps wakes up knowing it. */
export function useHoldPhase(endsAt: number): HoldPhase {
  return useSyncExternalStore(everySecond, () => phaseOf(endsAt - Date.now()));
}
