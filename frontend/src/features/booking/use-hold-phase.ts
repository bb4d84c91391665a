import { useSyncExternalStore } from 'react';

const WARNING_MS = 120_000;
const DIALOG_MS = 45_000;

export type HoldPhase = 'active' | 'ending-soon' | 'last-seconds' | 'expired';

function phaseOf(millisecondsLeft: number): HoldPhase {
  if (millisecondsLeft <= 0) return 'expired';
  if (millisecondsLeft <= DIALOG_MS) return 'last-seconds';
  return millisecondsLeft <= WARNING_MS ? 'ending-soon' : 'active';
}

function everySecond(callback: () => void): () => void {
  const timer = setInterval(callback, 1000);
  return () => clearInterval(timer);
}

/** The phase of a hold. Computed from the clock, so that it is right after the tab was suspended. */
export function useHoldPhase(endsAt: number): HoldPhase {
  return useSyncExternalStore(everySecond, () => phaseOf(endsAt - Date.now()));
}
