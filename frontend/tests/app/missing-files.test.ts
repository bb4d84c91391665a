import { HttpResponse, http } from 'msw';
import { afterEach, expect, test, vi } from 'vitest';
import { noteMissingFile, reloadForMissingFile } from '@/app/failures/missing-files';
import { server } from '../server';

const HEALTH = `${window.location.origin}/health/live`;

function stubReload() {
  const reload = vi.fn();
  vi.stubGlobal('location', { ...window.location, reload });
  return reload;
}

afterEach(() => vi.unstubAllGlobals());

test('a file that is missing reloads the page once a minute', async () => {
  server.use(http.get(HEALTH, () => HttpResponse.text('ok')));
  const reload = stubReload();
  noteMissingFile();

  const outcomes = [await reloadForMissingFile(), await reloadForMissingFile()];
  vi.setSystemTime(Date.now() + 60_000);
  outcomes.push(await reloadForMissingFile());

  expect(outcomes).toEqual([true, false, true]);
  expect(reload).toHaveBeenCalledTimes(2);
});

test('without a connection the page is not reloaded', async () => {
  server.use(http.get(HEALTH, () => HttpResponse.error()));
  const reload = stubReload();
  noteMissingFile();

  expect(await reloadForMissingFile()).toBe(false);
  expect(reload).not.toHaveBeenCalled();
});
