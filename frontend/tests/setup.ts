import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { activateLocale } from '@/shared/locale/locale';
import { endSession } from '@/shared/session/session';
import { holdTickers } from './passing-time';
import { server } from './server';

activateLocale('en-GB');
window.scrollTo = vi.fn();
// jsdom knows the element and not what it does.
HTMLDialogElement.prototype.showModal = function () {
  this.open = true;
};
HTMLDialogElement.prototype.close = function () {
  this.open = false;
};
// Loading a page's own chunk takes its time on a busy machine. A test that passes never waits that long.
configure({ asyncUtilTimeout: 30_000 });

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));

// The clock stands where the factories' times are still to come, until a test lets time pass.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-23T09:00:00Z') });
  holdTickers();
});

afterEach(() => {
  cleanup();
  server.resetHandlers();
  endSession();
  localStorage.clear();
  sessionStorage.clear();
  activateLocale('en-GB');
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.mocked(window.scrollTo).mockClear();
});

// What is under way when the last test ends would come back to a page that is gone.
let underWay = 0;
server.events.on('request:start', () => underWay++);
server.events.on('request:end', () => underWay--);

afterAll(async () => {
  await vi.waitUntil(() => underWay === 0, { timeout: 2000 }).catch(() => undefined);
  await new Promise((done) => setTimeout(done));
  server.close();
});
