import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import type { FieldMessages } from '@/shared/api/api-error';
import { clinic, doctor, homePage, page, slot, user } from './factories';
import { board, dashboard } from './portal-factories';

export const url = (path: string) => `http://clinic.test/api/${path}`;

export const ok = (data: unknown, status = 200) =>
  HttpResponse.json({ success: true, data, message: '' }, { status });

export interface Refusal {
  code: string;
  message?: string;
  errors?: FieldMessages;
  data?: unknown;
}

export const refused = (status: number, { message = 'Refused.', data = null, ...rest }: Refusal) =>
  HttpResponse.json({ success: false, data, message, ...rest }, { status });

/** A clinic with one doctor and one open slot. */
export const server = setupServer(
  http.get(url('clinic/'), () => ok(clinic())),
  http.get(url('clinic/home/'), () => ok(homePage())),
  http.get(url('users/doctors/'), () => ok(page([doctor()]))),
  http.get(url('users/doctors/:id/'), () => ok(doctor())),
  http.get(url('appointments/available/'), () => ok(page([slot()]))),
  http.get(url('appointments/available/filters/'), () => ok({ languages: ['en'], sexes: [], places: [] })),
  http.get(url('appointments/available/days/'), () => ok({ days: [] })),
  http.get(url('appointments/available/nearest/'), () => ok({ alternatives: [slot()] })),
  http.get(url('appointments/waitlist/possible/'), () => ok({ is_possible: true })),
  http.get(url('auth/profile/'), () => ok(user())),
  http.get(url('auth/email/change/'), () => ok(null)),
  http.get(url('appointments/bookings/:id/questions/'), () => ok({ can_answer: false, questions: [] })),
  http.get(url('appointments/bookings/:id/again/'), () =>
    ok({ doctor: 'doctor-1', visit_type: null, lacks_visit_type: false }),
  ),
  http.get(url('auth/sessions/activity/'), () =>
    ok({ idle_minutes: null, ends_at: null, seconds_left: null }),
  ),
  // Holds are optional: a slot can be booked without one.
  http.post(url('appointments/holds/'), () => refused(503, { code: 'unavailable' })),
  http.get(url('appointments/waitlist/'), () => ok(page([]))),
  http.get(url('users/dependants/'), () => ok(page([]))),
  http.get(url('portal/board/'), () => ok(board())),
  http.get(url('portal/dashboard/'), () => ok(dashboard())),
  http.get(url('portal/failed-messages/'), () => ok({ count: 0, results: [] })),
);
