import { vi } from 'vitest';

interface Interval {
  callback: () => void;
  period: number;
  due: number;
}

const SECOND = 1000;
const intervals = new Map<number, Interval>();
const real = {
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
  setTimeout: globalThis.setTimeout,
};
let lastId = 0;

/**
 * Pauses intervals of a second or longer. They run only in `passTime`, so no test waits for them.
 * Shorter intervals stay real, because the test tools poll with them.
 */
export function pauseIntervals(): void {
  vi.stubGlobal('setInterval', (callback: () => void, period = 0) => {
    if (period < SECOND) return real.setInterval(callback, period);
    lastId -= 1;
    intervals.set(lastId, { callback, period, due: Date.now() + period });
    return lastId;
  });
  vi.stubGlobal('clearInterval', (id: Parameters<typeof clearInterval>[0]) => {
    if (!(typeof id === 'number' && intervals.delete(id))) real.clearInterval(id);
  });
}

/** Moves the clock forward by `ms` and runs each paused interval when it is due. Call it inside `act`. */
export async function passTime(ms: number): Promise<void> {
  const end = Date.now() + ms;
  for (;;) {
    const next = [...intervals.values()].sort((a, b) => a.due - b.due)[0];
    if (!next || next.due > end) break;
    vi.setSystemTime(next.due);
    next.due += next.period;
    next.callback();
    await Promise.resolve();
  }
  vi.setSystemTime(end);
}

/** Skips the delay of one second before a refused renewal of the session is retried. */
export function skipRenewalDelay(): void {
  vi.stubGlobal('setTimeout', (callback: () => void, ms = 0, ...args: []) =>
    real.setTimeout(callback, ms === SECOND ? 0 : ms, ...args),
  );
}
