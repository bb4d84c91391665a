import { screen, waitFor } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import type { Feed } from '@/shared/api/types';
import { page, user } from '../factories';
import { ok, refused, server, url } from '../server';
import { address, signedIn, visit } from '../visit';

const ADDRESS = 'https://clinic.test/api/appointments/feeds/secret.ics';
const feed = (overrides: Partial<Feed>): Feed => ({
  id: 'feed-1',
  name: 'Old phone',
  created_at: '2026-11-20T10:00:00Z',
  last_read_at: '2026-11-24T09:00:00Z',
  ...overrides,
});

let feeds: Feed[] = [];

beforeEach(() => {
  signedIn();
  feeds = [feed({})];
  server.use(
    http.get(url('appointments/feeds/'), () => ok(page(feeds))),
    http.post(url('appointments/feeds/'), async ({ request }) => {
      const { name } = (await request.json()) as { name: string };
      const created = feed({ id: 'feed-2', name, last_read_at: null });
      feeds = [...feeds, created];
      return ok({ ...created, url: ADDRESS }, 201);
    }),
    http.delete(url('appointments/feeds/:id/'), ({ params }) => {
      feeds = feeds.filter(({ id }) => id !== params.id);
      return ok(null);
    }),
  );
});

async function createLink(person: ReturnType<typeof visit>['person']) {
  await person.type(await screen.findByLabelText('Name of the link'), 'My phone');
  await person.click(screen.getByRole('button', { name: 'Create a calendar link' }));
  return screen.findByRole('heading', { name: 'Calendar link for “My phone”' });
}

test('a calendar link is created, shown once and copied', async () => {
  const { person } = visit('/profile/calendar');

  expect(await createLink(person)).toHaveFocus();
  expect(screen.getByLabelText('Calendar link')).toHaveValue(ADDRESS);
  expect(screen.getByRole('link', { name: 'Add to my calendar' })).toHaveAttribute(
    'href',
    ADDRESS.replace('https:', 'webcal:'),
  );
  await person.click(screen.getByRole('button', { name: 'Copy link' }));

  expect(await screen.findByText('Copied.')).toBeVisible();
  expect(await navigator.clipboard.readText()).toBe(ADDRESS);
  expect(await screen.findByText('Not used yet')).toBeVisible();
  expect(screen.getByLabelText('Name of the link')).toHaveValue('');
});

test('a revoked link disappears from the list and from the page', async () => {
  const { person } = visit('/profile/calendar');
  await createLink(person);

  await person.click(await screen.findByRole('button', { name: 'Revoke the link “My phone”' }));

  expect(await screen.findByText('The link has been revoked. Calendars can no longer use it.')).toHaveFocus();
  await waitFor(() => expect(screen.queryByText('My phone')).not.toBeInTheDocument());
  expect(screen.queryByLabelText('Calendar link')).not.toBeInTheDocument();
  expect(screen.getByText('Old phone')).toBeVisible();
  // The status message of the first link does not take the focus from the second.
  const heading = await createLink(person);
  await screen.findByText('My phone');
  expect(heading).toHaveFocus();
});

test('the server’s error message is shown', async () => {
  const message = 'You have 10 calendar links already. Revoke one first.';
  server.use(http.post(url('appointments/feeds/'), () => refused(422, { code: 'limit_reached', message })));
  const { person } = visit('/profile/calendar');

  await person.type(await screen.findByLabelText('Name of the link'), 'My phone');
  await person.click(screen.getByRole('button', { name: 'Create a calendar link' }));

  expect(await screen.findByRole('alert')).toHaveTextContent(message);
});

test('a patient can return to the previous page', async () => {
  visit('/profile/calendar');

  expect(await screen.findByRole('link', { name: 'Back to my details' })).toBeVisible();
});

test('a doctor finds the page among the settings of the portal', async () => {
  server.use(http.get(url('auth/profile/'), () => ok(user({ role: 'doctor' }))));
  visit('/profile/calendar');

  expect(await screen.findByRole('link', { name: 'Settings' })).toBeVisible();
  expect(address()).toBe('/portal/settings/calendar-links');
});
