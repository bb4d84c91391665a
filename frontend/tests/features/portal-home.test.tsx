import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test, vi } from 'vitest';
import { byStage, nextVisit } from '@/features/portal-home/stages';
import { user } from '../factories';
import { board, dashboard, visitOfDay } from '../portal-factories';
import { ok, refused, server, url } from '../server';
import { address, signedIn, visit } from '../visit';

const START = Date.parse('2026-11-24T09:30:00Z');
const MINUTE = 60_000;

function serve(role: 'doctor' | 'receptionist', ...visits: ReturnType<typeof visitOfDay>[]) {
  signedIn();
  server.use(
    http.get(url('auth/profile/'), () => ok(user({ role }))),
    http.get(url('portal/board/'), () => ok(board({ visits }))),
  );
}

test.each([
  [-1, 'expected'],
  [0, 'expected'],
  [1, 'late'],
])('%i minutes after the start a patient who is not here is %s', (minutes, stage) => {
  const groups = byStage([visitOfDay()], START + minutes * MINUTE);

  expect(Object.entries(groups).filter(([, visits]) => visits.length > 0)).toEqual([[stage, [visitOfDay()]]]);
});

test('who has waited longest is first, and who is here comes before who is late', () => {
  const late = visitOfDay({ id: 'late' });
  const second = visitOfDay({ id: 'second', status: 'CHECKED_IN', arrived_at: '2026-11-24T09:20:00Z' });
  const first = visitOfDay({ id: 'first', status: 'CHECKED_IN', arrived_at: '2026-11-24T09:10:00Z' });

  const groups = byStage([late, second, first], START + 5 * MINUTE);

  expect(groups.arrived.map(({ id }) => id)).toEqual(['first', 'second']);
  expect(nextVisit([late, second], START + 5 * MINUTE)?.id).toBe('second');
});

test('the desk marks a patient as arrived and undoes it, and the focus goes with the patient', async () => {
  const soon = new Date(Date.now() + 30 * MINUTE).toISOString();
  const sent: unknown[] = [];
  serve('receptionist', visitOfDay({ starts_at: soon }));
  server.use(
    http.post(url('appointments/bookings/visit-1/check-in/'), () =>
      ok({ id: 'visit-1', status: 'CHECKED_IN' }),
    ),
    http.post(url('portal/bookings/visit-1/undo/'), async ({ request }) => {
      sent.push(await request.json());
      return ok({ id: 'visit-1', status: 'CONFIRMED' });
    }),
  );
  const { person } = visit('/portal');

  const expected = await screen.findByRole('region', { name: 'Expected 1' });
  server.use(
    http.get(url('portal/board/'), () => ok(board({ visits: [visitOfDay({ status: 'CHECKED_IN' })] }))),
  );
  await person.click(within(expected).getByRole('button', { name: 'Arrived: Sam Fisher' }));

  const arrived = await screen.findByRole('region', { name: 'Arrived 1' });
  expect(within(arrived).getByRole('link', { name: 'Sam Fisher' })).toHaveFocus();
  expect(await screen.findByText('Sam Fisher has arrived')).toBeVisible();
  await person.click(screen.getByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(sent).toEqual([{ status: 'CHECKED_IN' }]));
});

test('offline, the board says so, and a step that failed can be taken again with the same button', async () => {
  serve('receptionist', visitOfDay({ starts_at: new Date(Date.now() + 30 * MINUTE).toISOString() }));
  server.use(http.post(url('appointments/bookings/visit-1/check-in/'), () => HttpResponse.error()));
  const { person } = visit('/portal');
  const arrived = await screen.findByRole('button', { name: 'Arrived: Sam Fisher' });
  const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  window.dispatchEvent(new Event('offline'));
  expect(await screen.findByText(/What you have typed stays here/)).toBeVisible();
  online.mockRestore();
  window.dispatchEvent(new Event('online'));
  await waitFor(() => expect(screen.queryByText(/What you have typed stays here/)).not.toBeInTheDocument());

  await person.click(arrived);
  expect(await screen.findByText(/^Sam Fisher: We could not connect/)).toBeVisible();
  expect(screen.getByRole('region', { name: 'Expected 1' })).toBeVisible();
  expect(arrived).toHaveFocus();
  server.use(
    http.post(url('appointments/bookings/visit-1/check-in/'), () =>
      ok({ id: 'visit-1', status: 'CHECKED_IN' }),
    ),
  );
  await person.keyboard('{Enter}');

  expect(await screen.findByText('Sam Fisher has arrived')).toBeVisible();
});

test('a refused step names the patient and what somebody else has done', async () => {
  const sent: unknown[] = [];
  serve(
    'receptionist',
    visitOfDay({ starts_at: new Date(Date.now() + 30 * MINUTE).toISOString(), version: 3 }),
  );
  server.use(
    http.post(url('appointments/bookings/visit-1/check-in/'), async ({ request }) => {
      sent.push(await request.json());
      return refused(409, { code: 'booking_over', message: 'It is cancelled, by Ada Admin.' });
    }),
  );
  const { person } = visit('/portal');

  await person.click(await screen.findByRole('button', { name: 'Arrived: Sam Fisher' }));

  expect(await screen.findByText('Sam Fisher: It is cancelled, by Ada Admin.')).toBeVisible();
  expect(sent).toEqual([{ version: 3 }]);
});

test('of a day with hundreds of visits the first are shown, and more on request', async () => {
  const start = new Date(Date.now() + 30 * MINUTE).toISOString();
  const many = Array.from({ length: 120 }, (_, number) =>
    visitOfDay({
      id: `visit-${number}`,
      starts_at: start,
      patient: { ...visitOfDay().patient, name: `Number ${number}` },
    }),
  );
  serve('receptionist', ...many);
  const { person } = visit('/portal');
  const expected = await screen.findByRole('region', { name: 'Expected 120' });
  const cards = () => within(expected).getAllByRole('listitem');

  expect(cards()).toHaveLength(50);
  await person.click(within(expected).getByRole('button', { name: 'Show more (70 left)' }));
  expect(cards()).toHaveLength(100);
  expect(within(expected).getByRole('link', { name: 'Number 50' })).toHaveFocus();
  await person.click(within(expected).getByRole('button', { name: 'Show more (20 left)' }));
  expect(cards()).toHaveLength(120);
});

test('a doctor sees who is next and what to see to', async () => {
  serve('doctor', visitOfDay({ status: 'CHECKED_IN', arrived_at: new Date().toISOString() }));
  server.use(
    http.get(url('portal/dashboard/'), () =>
      ok(dashboard({ requests_count: 1, requests: [visitOfDay({ id: 'visit-2', status: 'PENDING' })] })),
    ),
  );

  visit('/portal');

  const next = await screen.findByRole('region', { name: 'Next patient' });
  expect(within(next).getByText('Just arrived')).toBeVisible();
  expect(within(next).getByRole('button', { name: 'Start the visit' })).toBeVisible();
  expect(await screen.findByRole('button', { name: 'Confirm: Sam Fisher' })).toBeVisible();
});

test('a doctor without a record is told whom to ask', async () => {
  serve('doctor');
  server.use(http.get(url('portal/dashboard/'), () => ok(dashboard({ doctor: null }))));

  visit('/portal');

  expect(await screen.findByRole('heading', { name: 'Your schedule is not set up yet' })).toBeVisible();
});

test.each([
  ['/schedule?date=2026-11-24', '/portal/calendar?date=2026-11-24'],
  ['/profile', '/portal/settings'],
  ['/profile/notices', '/portal/settings/notices'],
])('the former address %s of staff leads to %s', async (before, after) => {
  serve('doctor');

  visit(before);

  await waitFor(() => expect(address()).toBe(after));
});

test('staff find only the portal in the menu of the public pages', async () => {
  serve('doctor');

  visit('/doctors');

  const menu = await screen.findByRole('navigation', { name: 'Main' });
  expect(await within(menu).findByRole('link', { name: 'Portal' })).toHaveAttribute('href', '/portal');
  expect(
    within(menu)
      .queryAllByRole('link')
      .map((link) => link.textContent),
  ).toEqual(['Portal']);
});
