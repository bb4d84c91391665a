import { screen, waitFor, within } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { doctor, page, slot } from '../factories';
import { ok, server, url } from '../server';
import { address, visit } from '../visit';

const PAGE = '/doctors/doctor-1?from=2026-11-23';

let requests: URLSearchParams[] = [];

/** A time of Tuesday 24 November. */
const at = (local_time: string, overrides = {}) =>
  slot({ id: `at-${local_time}`, local_time, starts_at: `2026-11-24T${local_time}:00Z`, ...overrides });

function serveSlots(...slots: ReturnType<typeof slot>[]): void {
  server.use(
    http.get(url('appointments/available/'), ({ request }) => {
      requests.push(new URL(request.url).searchParams);
      return ok(page(slots));
    }),
  );
}

beforeEach(() => {
  requests = [];
});

const times = (...hours: number[]) => hours.map((hour) => at(`${String(hour).padStart(2, '0')}:00`));

test('few times are grouped by part of the day and not folded', async () => {
  serveSlots(...times(9, 10, 13, 18));

  visit(PAGE);

  expect(await screen.findAllByRole('radio')).toHaveLength(4);
  for (const part of ['Morning', 'Afternoon', 'Evening']) expect(screen.getByText(part)).toBeVisible();
});

test('many times are folded, except for the first part and the chosen time', async () => {
  serveSlots(...times(8, 9, 10, 11, 12, 13, 14, 15, 16, 17));
  const { person } = visit(PAGE);

  const names = await screen.findAllByText(/^(Morning|Afternoon|Evening)/, { selector: 'summary' });
  const [morning, afternoon, evening] = names.map((name) => name.closest('details'));
  expect([morning?.open, afternoon?.open, evening?.open]).toEqual([true, false, false]);
  expect(afternoon?.querySelector('summary')).toHaveTextContent('Afternoon 5 times');

  await person.click(within(evening as HTMLElement).getByLabelText('5:00 pm'));
  await waitFor(() => expect(evening?.open).toBe(true));
});

test('filters are stored in the URL, selected from it and can be cleared', async () => {
  serveSlots(...times(17, 18));
  const { person } = visit(PAGE);

  await person.click(await screen.findByText('Filter times'));
  await person.selectOptions(screen.getByLabelText('Not before'), '5:00 pm');
  await person.selectOptions(screen.getByLabelText('Day of the week'), 'Tuesday');
  await person.click(screen.getByRole('button', { name: 'Show times' }));

  expect(await screen.findByText('2 times match your filters.')).toBeVisible();
  expect(address()).toBe('/doctors/doctor-1?from=2026-11-23&weekday=1&after=17%3A00');
  expect(Object.fromEntries(requests.at(-1) ?? [])).toMatchObject({ weekday: '1', after: '17:00' });
  expect(screen.getByLabelText('Not before')).toHaveValue('17:00');

  await person.click(screen.getByRole('link', { name: 'Clear filters' }));
  await waitFor(() => expect(address()).toBe(PAGE));
  expect(screen.getByLabelText('Not before')).toHaveValue('');
});

test('values in the URL that no filter has are ignored', async () => {
  serveSlots(at('09:00'));

  visit(`${PAGE}&place=nowhere&after=03:00&weekday=9`);

  await screen.findByRole('radio');
  expect([...(requests[0]?.keys() ?? [])].sort()).toEqual(['doctor', 'from', 'to']);
});

test('filters that match nothing name the first time without filters', async () => {
  server.use(
    http.get(url('appointments/available/'), ({ request }) =>
      ok(page(new URL(request.url).searchParams.has('after') ? [] : [at('09:00')])),
    ),
  );

  visit(`${PAGE}&after=20:00`);

  expect(await screen.findByText(/^No times match your filters/)).toHaveTextContent(
    'No times match your filters. Change a filter, or clear them. ' +
      'Without filters, the first available time is on Tue 24 Nov. Clear filters',
  );
});

test('the calendar of a month is moved through with the keyboard and chooses a day with times', async () => {
  const asked: string[] = [];
  server.use(
    http.get(url('appointments/available/days/'), ({ request }) => {
      const { searchParams } = new URL(request.url);
      asked.push(`${searchParams.get('from')} ${searchParams.get('to')}`);
      return ok({ days: [{ date: '2026-12-01', count: 3 }] });
    }),
  );
  const { person } = visit(PAGE);
  await person.click(await screen.findByText('Choose a date'));

  const grid = await screen.findByRole('grid', { name: 'November 2026' });
  expect(within(grid).getAllByRole('columnheader')).toHaveLength(7);
  screen.getByRole('button', { name: 'Monday 23 November, no times' }).focus();
  await person.keyboard('{ArrowDown}{ArrowRight}');
  const day = 'Tuesday 1 December, 3 times';
  expect(await screen.findByRole('button', { name: day })).toHaveFocus();
  await person.keyboard('{ArrowLeft}{Enter}');
  expect(address()).toBe(PAGE);
  await person.keyboard('{ArrowRight}{PageDown}{PageUp}');
  expect(await screen.findByRole('button', { name: day })).toHaveFocus();
  await person.keyboard('{Enter}');

  await waitFor(() => expect(address()).toBe('/doctors/doctor-1?from=2026-12-01'));
  expect(asked).toContain('2026-12-01 2026-12-31');
});

test('a typed date shows the times from that day on', async () => {
  const { person } = visit(PAGE);
  await person.click(await screen.findByText('Choose a date'));

  await person.clear(screen.getByLabelText('Show times from'));
  await person.type(screen.getByLabelText('Show times from'), '2026-12-24');
  await person.click(screen.getByRole('button', { name: 'Go to this date' }));

  await waitFor(() => expect(address()).toBe('/doctors/doctor-1?from=2026-12-24'));
});

test('doctors stand side by side, the one with the soonest time first', async () => {
  const [smith, hill] = [doctor(), doctor({ id: 'doctor-2', name: 'Sam Hill', display_name: 'Dr Sam Hill' })];
  server.use(http.get(url('users/doctors/'), () => ok(page([smith, hill]))));
  serveSlots(at('09:00', { doctor: 'doctor-2' }), at('11:00'));
  const { person } = visit('/first-available?from=2026-11-23');

  await person.click(await screen.findByRole('link', { name: 'Doctors side by side' }));

  const columns = await screen.findAllByRole('region', { name: /^Dr/ });
  expect(columns.map((column) => within(column).getByRole('heading').textContent)).toEqual([
    'Dr Sam Hill',
    'Dr Jane Smith',
  ]);
  expect(requests.at(-1)?.get('doctors')).toBe('doctor-1,doctor-2');
  await person.click(screen.getByRole('radio', { name: '9:00 am' }));
  expect(screen.getByText('Tue 24 Nov, 9:00 am').parentElement).toHaveTextContent('Dr Sam Hill');
  await person.click(screen.getByRole('button', { name: 'Continue' }));
  expect(address()).toBe('/booking/at-09:00?doctor=doctor-2&date=2026-11-24');
});

test('a time that is gone is followed by the nearest ones, which the server chooses', async () => {
  serveSlots(at('07:00'), at('08:00'), at('09:00'), at('15:00'));
  const asked: URLSearchParams[] = [];
  server.use(
    http.get(url('appointments/available/nearest/'), ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return ok({ alternatives: [at('15:00')] });
    }),
  );

  visit('/booking/gone?doctor=doctor-1&date=2026-11-24');

  const link = await screen.findByRole('link', { name: /3:00 pm/ });
  expect(link).toHaveAttribute('href', '/booking/at-15:00?doctor=doctor-1&date=2026-11-24');
  expect(screen.queryByRole('link', { name: /7:00 am/ })).not.toBeInTheDocument();
  expect(Object.fromEntries(asked[0] ?? [])).toEqual({
    slot: 'gone',
    doctor: 'doctor-1',
    date: '2026-11-24',
  });
});
