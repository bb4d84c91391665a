import '@testing-library/jest-dom/vitest';
import { i18n } from '@lingui/core';
import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { messages } from '@/locales/en.po';
import { endSession } from '@/shared/session/session';
import { server } from './server';

i18n.loadAndActivate({ locale: 'en', messages });
window.scrollTo = vi.fn();
// Loading a page's own chunk takes its time on a busy machine.
configure({ asyncUtilTimeout: 5000 });

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));

afterEach(() => {
  cleanup();
  server.resetHandlers();
  endSession();
  sessionStorage.clear();
  vi.useRealTimers();
  vi.mocked(window.scrollTo).mockClear();
});

afterAll(() => server.close());
