import { screen, within } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import type { VisitType } from '@/shared/api/types';
import { bookedVisit, booking, clinic, doctor, page, question, slot, user, visitType } from '../factories';
import { ok, refused, server, url } from '../server';
import { address, signedIn, visit } from '../visit';

const checkUp = visitType({ questions: [question()] });
const videoCall = visitType({
  id: 'visit-2',
  name: 'Video call',
  mode: 'video',
  price: '45.00',
  currency: 'GBP',
  duration_minutes: null,
  needs_approval: true,
  doctors: ['doctor-2'],
});

let requests: string[] = [];

function serveVisitTypes(...types: VisitType[]): void {
  server.use(
    http.get(url('clinic/'), () => ok(clinic({ visit_types: types }))),
    http.get(url('users/doctors/'), () =>
      ok(page([doctor(), doctor({ id: 'doctor-2', display_name: 'Dr Sam Hill' })])),
    ),
    http.get(url('appointments/available/'), ({ request }) => {
      requests.push(new URL(request.url).searchParams.get('visit_type') ?? 'any');
      return ok(page([slot()]));
    }),
  );
}

beforeEach(() => {
  requests = [];
});

test('visit types can be filtered by how the patient is seen', async () => {
  serveVisitTypes(checkUp, videoCall);
  const { person } = visit('/doctors');

  await person.click(await screen.findByRole('link', { name: 'By video' }));

  expect(screen.getAllByRole('radio').map((choice) => choice.id)).toEqual(['visit-2']);
  expect(address()).toBe('/doctors?mode=video');
  await person.click(screen.getByRole('link', { name: 'All' }));
  expect(screen.getAllByRole('radio')).toHaveLength(2);
});

test('with several visit types, booking starts with the choice of one, which is stored in the URL', async () => {
  serveVisitTypes(checkUp, videoCall);
  const { person } = visit('/doctors');

  const choices = await screen.findAllByRole('radio');
  expect(choices.map((choice) => choice.getAttribute('id'))).toEqual(['visit-1', 'visit-2']);
  for (const choice of choices) expect(choice).not.toBeChecked();
  const video = screen.getByRole('radio', { name: 'Video call' });
  expect(video).toHaveAccessibleDescription('By video · £45.00 The clinic must confirm your booking.');
  await person.click(video);
  await person.click(screen.getByRole('button', { name: 'Continue' }));

  expect(await screen.findByRole('heading', { name: 'Find a doctor' })).toHaveFocus();
  expect(address()).toBe('/doctors?visit_type=visit-2');
  const cards = await screen.findAllByRole('article');
  expect(cards.map((card) => within(card).getByRole('link').textContent)).toEqual(['Dr Sam Hill']);
  expect(within(cards[0] as HTMLElement).getByRole('link')).toHaveAttribute(
    'href',
    '/doctors/doctor-2?visit_type=visit-2',
  );
});

test('continuing without a choice shows an error that links to the choices', async () => {
  serveVisitTypes(checkUp, videoCall);
  const { person } = visit('/doctors');

  await person.click(await screen.findByRole('button', { name: 'Continue' }));

  expect(screen.getByRole('alert')).toHaveFocus();
  await person.click(screen.getByRole('link', { name: 'Select a type of visit' }));
  expect(screen.getByRole('radio', { name: 'Check-up' })).toHaveFocus();
});

test('the only visit type is used without asking', async () => {
  serveVisitTypes(checkUp);

  visit('/doctors/doctor-1?from=2026-11-23');

  expect(await screen.findByRole('radio', { name: '9:30 am' })).toBeVisible();
  expect(requests).toEqual(['visit-1']);
});

test('a doctor’s page offers the doctor’s visit types only, and uses a single one without asking', async () => {
  serveVisitTypes(checkUp, visitType({ id: 'visit-3', name: 'Vaccination' }), videoCall);
  const { person } = visit('/doctors/doctor-1?from=2026-11-23');

  expect((await screen.findAllByRole('radio')).map((choice) => choice.id)).toEqual(['visit-1', 'visit-3']);
  await person.click(screen.getByRole('radio', { name: 'Vaccination' }));
  await person.click(screen.getByRole('button', { name: 'Continue' }));

  expect(await screen.findByRole('heading', { name: 'Dr Jane Smith' })).toHaveFocus();
  await person.click(await screen.findByRole('radio', { name: '9:30 am' }));
  await person.click(screen.getByRole('button', { name: 'Continue' }));
  expect(address()).toBe('/booking/slot-1?doctor=doctor-1&date=2026-11-24&visit_type=visit-3');
});

test('the visit type’s questions are answered, checked and sent', async () => {
  const sent: unknown[] = [];
  const arm = question({ id: 'question-2', text: 'Which arm?', kind: 'choice', choices: ['Left', 'Right'] });
  const comment = question({ id: 'question-3', text: 'Anything else?', kind: 'text', is_required: false });
  serveVisitTypes(visitType({ questions: [question(), arm, comment] }), videoCall);
  server.use(
    http.get(url('appointments/bookings/:id/'), () => ok(booking())),
    http.post(url('appointments/bookings/'), async ({ request }) => {
      sent.push(await request.json());
      return ok(booking(), 201);
    }),
  );
  signedIn();
  const { person } = visit('/booking/slot-1?doctor=doctor-1&date=2026-11-24&visit_type=visit-1');

  await person.click(await screen.findByRole('button', { name: 'Continue' }));
  const summary = screen.getByRole('alert');
  expect(
    within(summary)
      .getAllByRole('link')
      .map((link) => link.textContent),
  ).toEqual(['Select an answer: Do you smoke?', 'Select an answer: Which arm?']);
  expect(screen.getByRole('textbox', { name: 'Anything else? (optional)' })).toBeVisible();
  const smoking = screen.getByRole('group', { name: 'Do you smoke? (required)' });
  expect(smoking).toHaveAccessibleDescription('Select an answer: Do you smoke?');
  await person.click(within(smoking).getByRole('radio', { name: 'No' }));
  await person.click(screen.getByRole('radio', { name: 'Right' }));
  await person.click(screen.getByRole('button', { name: 'Continue' }));

  await person.click(await screen.findByRole('button', { name: 'Confirm appointment' }));
  await screen.findByRole('heading', { name: 'Your appointment is booked' });
  expect(sent).toEqual([
    {
      slot: 'slot-1',
      reason: '',
      visit_type: 'visit-1',
      answers: { 'question-1': 'no', 'question-2': 'Right' },
    },
  ]);
});

test('a step without answers or visit type redirects to the step that asks for them', async () => {
  serveVisitTypes(checkUp, visitType({ id: 'visit-3' }));
  signedIn();

  visit('/booking/slot-1/check?doctor=doctor-1&date=2026-11-24&visit_type=visit-1');
  await screen.findByRole('group', { name: /Do you smoke/ });
  expect(address()).toBe('/booking/slot-1?doctor=doctor-1&date=2026-11-24&visit_type=visit-1');
});

test('a booking that needs approval says so', async () => {
  const visit_type = bookedVisit({ mode: 'video', video_link: 'https://video.example/room' });
  const pending = booking({ status: 'PENDING', visit_type });
  server.use(http.get(url('appointments/bookings/:id/'), () => ok(pending)));
  signedIn();

  visit('/appointments/booking-1?booked');

  expect(await screen.findByRole('heading', { name: 'We have received your request' })).toBeVisible();
  expect(screen.getByRole('link', { name: /^Open the video call/ })).toHaveAttribute(
    'href',
    'https://video.example/room',
  );
});

test('the place and room of a visit are shown instead of the clinic’s address', async () => {
  const place = { id: 'place-1', name: 'Annex', address: '2 Hill Road', phone: '', time_zone: '' };
  server.use(http.get(url('appointments/bookings/:id/'), () => ok(booking({ place, room: 'Room 4' }))));
  signedIn();

  visit('/appointments/booking-1');

  expect(await screen.findByText('Room: Room 4')).toBeVisible();
  expect(screen.getByText('2 Hill Road')).toBeVisible();
});

test('a visit by phone asks for the number, and a refused number is shown at its field', async () => {
  const sent: unknown[] = [];
  let number = '';
  const call = visitType({ id: 'visit-4', name: 'Call', mode: 'phone' });
  serveVisitTypes(call, videoCall);
  server.use(
    http.get(url('auth/profile/'), () => ok(user({ phone: number, phone_display: number }))),
    http.patch(url('auth/profile/'), async ({ request }) => {
      const body = (await request.json()) as { phone: string };
      sent.push(body);
      if (body.phone === 'abc')
        return refused(400, { code: 'invalid', errors: { phone: ['Enter a real phone number.'] } });
      number = '+44 20 7946 0018';
      return ok(user({ phone: '+442079460018', phone_display: number }));
    }),
  );
  signedIn();
  const { person } = visit('/booking/slot-1?doctor=doctor-1&date=2026-11-24&visit_type=visit-4');

  const field = await screen.findByLabelText('Phone number');
  await person.click(screen.getByRole('button', { name: 'Continue' }));
  expect(await screen.findByRole('link', { name: 'Enter your phone number' })).toBeVisible();
  await person.type(field, 'abc');
  await person.click(screen.getByRole('button', { name: 'Continue' }));
  expect(await screen.findByRole('link', { name: 'Enter a real phone number.' })).toBeVisible();
  await person.clear(field);
  await person.type(field, '020 7946 0018');
  await person.click(screen.getByRole('button', { name: 'Continue' }));

  expect(await screen.findByRole('heading', { name: 'Check your answers' })).toBeVisible();
  expect(await screen.findByText('+44 20 7946 0018')).toBeVisible();
  expect(sent).toEqual([{ phone: 'abc' }, { phone: '020 7946 0018' }]);
});
