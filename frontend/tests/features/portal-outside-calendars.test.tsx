import { screen, within } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import type { OutsideCalendars } from '@/gen';
import { user } from '../factories';
import { ok, refused, server, url } from '../server';
import { signedIn, visit } from '../visit';

const CALENDAR = {
  id: 'calendar-1',
  name: 'Family',
  kind: 'ics',
  host: 'calendar.example',
  state: 'ok',
  read_at: '2026-11-24T09:00:00Z',
  age_minutes: 4,
  failing_since: null,
  problem: '',
  problem_text: '',
  busy_count: 12,
  created_at: '2026-11-20T10:00:00Z',
} as const;
let listed: OutsideCalendars;
const sent: unknown[] = [];

beforeEach(() => {
  signedIn();
  sent.length = 0;
  listed = {
    doctor: 'doctor-1',
    calendars: [CALENDAR],
    max_calendars: 5,
    refresh_minutes: 15,
    collisions: [],
  };
  server.use(
    http.get(url('auth/profile/'), () => ok(user({ role: 'doctor' }))),
    http.get(url('portal/outside-calendars/'), () => ok(listed)),
    http.post(url('portal/outside-calendars/test/'), async ({ request }) => {
      sent.push(await request.json());
      return ok({ busy_count: 12 });
    }),
    http.post(url('portal/outside-calendars/'), async ({ request }) => {
      sent.push(await request.json());
      return ok(listed, 201);
    }),
  );
});

test('a calendar is added only after a test has counted its busy times', async () => {
  const { person } = visit('/portal/outside-calendars');

  await person.type(await screen.findByLabelText('Name'), 'Work');
  await person.type(screen.getByLabelText('Address'), 'https://calendar.example/a.ics');
  await person.click(screen.getByRole('button', { name: 'Test the calendar' }));

  expect(
    await screen.findByRole('heading', { name: '“Work” has 12 busy times in the next two weeks' }),
  ).toHaveFocus();
  await person.click(screen.getByRole('button', { name: 'Add the calendar' }));
  expect(await screen.findByText(/“Work” has been added/)).toBeVisible();
  const source = { address: 'https://calendar.example/a.ics', user_name: '', password: '' };
  expect(sent).toEqual([source, { ...source, name: 'Work' }]);
});

test('a calendar that cannot be read says why, and that its busy times stay', async () => {
  const problem_text = 'The server did not answer in time.';
  const failing = { ...CALENDAR, state: 'failing', age_minutes: 1800, problem_text } as const;
  listed = { ...listed, calendars: [failing] };
  visit('/portal/outside-calendars');

  const card = within(await screen.findByRole('article', { name: 'Family' }));
  expect(card.getByText('Cannot be read')).toBeVisible();
  expect(card.getByText(/Read 30 hours ago/)).toBeVisible();
  expect(card.getByText(/The server did not answer in time.*stay blocked/)).toBeVisible();
});

test('the server’s refusal of an address is shown at its field', async () => {
  const errors = { address: ['There is no calendar at this address.'] };
  server.use(
    http.post(url('portal/outside-calendars/test/'), () =>
      refused(422, { code: 'calendar_unreadable', message: 'No.', errors }),
    ),
  );
  const { person } = visit('/portal/outside-calendars');

  await person.type(await screen.findByLabelText('Name'), 'Work');
  await person.type(screen.getByLabelText('Address'), 'https://calendar.example/a.ics');
  await person.click(screen.getByRole('button', { name: 'Test the calendar' }));

  expect((await screen.findAllByText('There is no calendar at this address.')).length).toBe(2);
  expect(screen.getByLabelText('Address')).toBeInvalid();
});
