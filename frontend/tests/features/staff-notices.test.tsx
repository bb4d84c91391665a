import { screen } from '@testing-library/react';
import { http } from 'msw';
import { expect, test } from 'vitest';
import { user } from '../factories';
import { ok, refused, server, url } from '../server';
import { signedIn, visit } from '../visit';

const CHOICES = {
  booked: 'digest',
  cancelled: 'digest',
  rescheduled: 'digest',
  offer_taken: 'digest',
  attendance: 'digest',
  not_delivered: 'off',
  digest_hour: 16,
  day_schedule: false,
  day_hour: 7,
};

function recordSaves(answer: (sent: unknown) => Response): unknown[] {
  const sent: unknown[] = [];
  server.use(
    http.get(url('auth/profile/'), () => ok(user({ role: 'doctor' }))),
    http.get(url('users/me/staff-notices/'), () => ok(CHOICES)),
    http.patch(url('users/me/staff-notices/'), async ({ request }) => {
      const body = await request.json();
      sent.push(body);
      return answer(body);
    }),
  );
  return sent;
}

test('a doctor chooses an email for each new appointment and the schedule at six', async () => {
  signedIn();
  const sent = recordSaves(ok);
  const { person } = visit('/profile');

  await person.click(await screen.findByRole('link', { name: 'Emails about appointments' }));
  await person.selectOptions(await screen.findByLabelText('New appointments'), 'One email for each');
  await person.click(screen.getByRole('checkbox', { name: /schedule each day/ }));
  await person.selectOptions(screen.getByLabelText('Time of the email with the schedule'), '06:00');
  await person.click(screen.getByRole('button', { name: 'Save' }));

  expect(await screen.findByText('Your details have been saved.')).toHaveFocus();
  expect(sent).toEqual([{ ...CHOICES, booked: 'each', day_schedule: true, day_hour: 6 }]);
});

test('a refusal is shown and the choices stay on the page', async () => {
  signedIn();
  recordSaves(() => refused(503, { code: 'unavailable', message: 'Try again in a moment.' }));
  const { person } = visit('/profile/notices');

  await person.selectOptions(await screen.findByLabelText('New appointments'), 'No emails');
  await person.click(screen.getByRole('button', { name: 'Save' }));

  expect(await screen.findByText('Try again in a moment.')).toBeVisible();
  expect(screen.getByLabelText('New appointments')).toHaveValue('off');
});
