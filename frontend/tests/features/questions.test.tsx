import { screen, within } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { booking, question } from '../factories';
import { ok, refused, server, url } from '../server';
import { signedIn, visit } from '../visit';

beforeEach(signedIn);

const MEDICINES = question({ id: 'medicines', text: 'Which medicines?', kind: 'text' });
const FEVER = question({ id: 'fever', text: 'Any fever?', is_required: false });
const PATH = url('appointments/bookings/:id/questions/');

const asked = (medicines = '', fever = '') => ({
  can_answer: true,
  questions: [
    { ...MEDICINES, answer: medicines },
    { ...FEVER, answer: fever },
  ],
});

test('a patient answers the questions before the visit on the page of the appointment', async () => {
  const sent: unknown[] = [];
  server.use(
    http.get(url('appointments/bookings/:id/'), () => ok(booking())),
    http.get(PATH, () => ok(asked())),
    http.post(PATH, async ({ request }) => {
      sent.push(await request.json());
      return ok(asked('Aspirin', 'no'));
    }),
  );
  const { person } = visit('/appointments/booking-1');

  await person.click(await screen.findByRole('button', { name: 'Send answers' }));
  expect(screen.getByRole('alert')).toHaveTextContent('Answer this question: Which medicines?');
  expect(sent).toEqual([]);
  await person.type(screen.getByLabelText(/Which medicines/), 'Aspirin');
  await person.click(within(screen.getByRole('group', { name: /Any fever/ })).getByLabelText('No'));
  await person.click(screen.getByRole('button', { name: 'Send answers' }));

  expect(await screen.findByText('Thank you. The clinic has your answers.')).toHaveFocus();
  expect(sent).toEqual([{ answers: { medicines: 'Aspirin', fever: 'no' } }]);
});

test('answers can be changed until the visit starts', async () => {
  server.use(
    http.get(url('appointments/bookings/:id/'), () => ok(booking())),
    http.get(PATH, () => ok(asked('Aspirin'))),
    http.post(PATH, () =>
      refused(409, {
        code: 'booking_not_changeable',
        message: 'This appointment cannot be changed any more.',
      }),
    ),
  );
  const { person } = visit('/appointments/booking-1');

  await person.click(await screen.findByRole('button', { name: 'Change your answers' }));
  expect(screen.getByLabelText(/Which medicines/)).toHaveValue('Aspirin');
  await person.click(screen.getByRole('button', { name: 'Send answers' }));

  expect(await screen.findByText('This appointment cannot be changed any more.')).toBeVisible();
  expect(screen.getByLabelText(/Which medicines/)).toHaveValue('Aspirin');
});
