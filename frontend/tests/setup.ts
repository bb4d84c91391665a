import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { activateLocale } from '@/shared/locale/locale';
import { endSession } from '@/shared/session/session';
import { pauseIntervals } from './passing-time';
import { server } from './server';

await activateLocale('en-GB');
window.scrollTo = vi.fn();
// jsdom has the dialog element but not its methods.
HTMLDialogElement.prototype.showModal = function () {
  this.open = true;
};
HTMLDialogElement.prototype.close = function () {
  this.open = false;
};
// Loading the chunk of a page can be slow on a busy machine. A test that passes never waits that long.
configure({ asyncUtilTimeout: 30_000 });

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));

// The clock is stopped at a time before all times in the factories. A test can move it.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-23T09:00:00Z') });
  pauseIntervals();
});

afterEach(async () => {
  cleanup();
  server.resetHandlers();
  endSession();
  localStorage.clear();
  sessionStorage.clear();
  await activateLocale('en-GB');
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.mocked(window.scrollTo).mockClear();
});

// Wait for pending requests after the last test, because their responses need the page.
let pendingRequests = 0;
server.events.on('request:start', () => pendingRequests++);
server.events.on('request:end', () => pendingRequests--);

afterAll(async () => {
  await vi.waitUntil(() => pendingRequests === 0, { timeout: 2000 }).catch(() => undefined);
  await new Promise((done) => setTimeout(done));
  server.close();
});
