import { vi } from 'vitest';

interface Ticker {
  act: () => void;
  every: number;
  due: number;
}

const SECOND = 1000;
const tickers = new Map<number, Ticker>();
const real = {
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
  setTimeout: globalThis.setTimeout,
};
let last = 0;

/**
 * Lets what looks at the clock every second stand still until `passTime`: no test waits for a second to pass.
 * Shorter intervals, by which the test tools look again, stay real.
 */
export function holdTickers(): void {
  vi.stubGlobal('setInterval', (act: () => void, every = 0) => {
    if (every < SECOND) return real.setInterval(act, every);
    last -= 1;
    tickers.set(last, { act, every, due: Date.now() + every });
    return last;
  });
  vi.stubGlobal('clearInterval', (id: Parameters<typeof clearInterval>[0]) => {
    if (!(typeof id === 'number' && tickers.delete(id))) real.clearInterval(id);
  });
}

/** Sets the clock forward by `ms`, stopping wherever something looks at it. To be called inside `act`. */
export async function passTime(ms: number): Promise<void> {
  const end = Date.now() + ms;
  for (;;) {
    const next = [...tickers.values()].sort((one, other) => one.due - other.due)[0];
    if (!next || next.due > end) break;
    vi.setSystemTime(next.due);
    next.due += next.every;
    next.act();
    await Promise.resolve();
  }
  vi.setSystemTime(end);
}

/** Ends at once the second that passes before a refused session is renewed once more. */
export function skipSecond(): void {
  vi.stubGlobal('setTimeout', (act: () => void, ms = 0, ...words: []) =>
    real.setTimeout(act, ms === SECOND ? 0 : ms, ...words),
  );
}
