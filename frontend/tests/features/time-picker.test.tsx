import { screen, waitFor } from '@testing-library/react';
import { http } from 'msw';
import { expect, test, vi } from 'vitest';
import { page, slot } from '../factories';
import { ok, server, url } from '../server';
import { address, visit } from '../visit';

const PAGE = '/doctors/doctor-1?from=2026-11-23';

function serveSlots(...slots: ReturnType<typeof slot>[]): void {
  server.use(http.get(url('appointments/available/'), () => ok(page(slots))));
}

test('both occurrences of a repeated hour are shown and can be told apart', async () => {
  const day = { local_date: '2026-11-24', local_time: '01:30' };
  serveSlots(
    slot({ ...day, id: 'a', starts_at: '2026-11-24T00:30:00Z', clock_pass: 1 }),
    slot({ ...day, id: 'b', starts_at: '2026-11-24T01:30:00Z', clock_pass: 2 }),
  );

  const { person } = visit(PAGE);

  const times = await screen.findAllByRole('radio');
  expect(times.map((time) => (time as HTMLInputElement).labels?.[0]?.textContent)).toEqual([
    '1:30 am (first time, before the clocks go back)',
    '1:30 am (second time, after the clocks go back)',
  ]);
  await person.click(screen.getByRole('radio', { name: /second time/ }));
  expect(screen.getByText('Tue 24 Nov, 1:30 am (second time, after the clocks go back)')).toBeVisible();
});

test('a day counts its times, and none is preselected', async () => {
  serveSlots(slot(), slot({ id: 'slot-2', local_time: '09:45' }));

  visit(PAGE);

  expect(await screen.findByRole('group', { name: 'Tuesday 24 November, 2 times' })).toBeVisible();
  for (const time of screen.getAllByRole('radio')) expect(time).not.toBeChecked();
});

test('continuing without a time shows an error that links to the times', async () => {
  const { person } = visit(PAGE);

  await person.click(await screen.findByRole('button', { name: 'Continue' }));

  expect(screen.getByRole('alert')).toHaveFocus();
  await person.click(screen.getByRole('link', { name: 'Choose a time' }));
  expect(screen.getByRole('radio')).toHaveFocus();
});

test('choosing a time does not scroll the page', async () => {
  const { person } = visit('/doctors');
  await person.click(await screen.findByRole('link', { name: 'Dr Jane Smith' }));
  const scrolls = vi.mocked(window.scrollTo).mock.calls.length;

  await person.click(await screen.findByRole('radio', { name: '9:30 am' }));

  expect(screen.getByRole('radio')).toBeChecked();
  await waitFor(() => expect(address()).toBe('/doctors/doctor-1?slot=slot-1'));
  expect(window.scrollTo).toHaveBeenCalledTimes(scrolls);
});

test('continuing with a time opens the details step', async () => {
  const { person } = visit(PAGE);

  await person.click(await screen.findByRole('radio', { name: '9:30 am' }));
  await person.click(screen.getByRole('button', { name: 'Continue' }));

  expect(address()).toBe('/booking/slot-1?doctor=doctor-1&date=2026-11-24');
});

test('a chosen time that was taken is reported at once', async () => {
  const { person, queries } = visit(PAGE);
  await person.click(await screen.findByRole('radio', { name: '9:30 am' }));

  serveSlots(slot({ id: 'slot-2', starts_at: '2026-11-24T10:00:00Z', local_time: '10:00' }));
  queries.invalidateQueries({ queryKey: ['open-slots'] });

  expect(await screen.findByRole('alert')).toHaveTextContent(
    '9:30 am on Tuesday 24 November is no longer available.',
  );
  await waitFor(() => expect(address()).toBe(PAGE));
});

test('a week without times links to the next day with times', async () => {
  serveSlots();

  visit('/doctors/doctor-1?from=2026-11-24');

  const link = await screen.findByRole('link', { name: 'Go to this day' });
  expect(link).toHaveAttribute('href', '/doctors/doctor-1?from=2026-11-24');
});
