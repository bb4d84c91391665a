import { screen } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { clinic, doctor, page } from '../factories';
import { ok, server, url } from '../server';
import { address, visit } from '../visit';

let requests: URLSearchParams[] = [];

function serveDoctors(data: unknown): void {
  server.use(
    http.get(url('users/doctors/'), ({ request }) => {
      requests.push(new URL(request.url).searchParams);
      return ok(data);
    }),
  );
}

beforeEach(() => {
  requests = [];
});

test('a doctor is shown with specialty, languages and next available time', async () => {
  serveDoctors(page([doctor({ languages: ['en', 'fr'] })]));

  visit('/doctors');

  const card = await screen.findByRole('article');
  expect(card).toHaveTextContent(
    'Dr Jane SmithGeneral medicineSpeaks English, FrenchNext: Tue 24 Nov, 9:30 am',
  );
  expect(Object.fromEntries(requests[0] ?? [])).toEqual({
    ordering: 'next_available',
    page: '1',
    page_size: '12',
  });
});

test('languages are not shown for a doctor without languages', async () => {
  serveDoctors(page([doctor({ languages: [] })]));

  visit('/doctors');

  expect(await screen.findByRole('article')).not.toHaveTextContent('Speaks');
});

test('a search is stored in the URL and repeated when the URL is opened', async () => {
  serveDoctors(page([]));
  const specialties = [
    { id: 'specialty-1', code: 'general_medicine', name: 'General medicine' },
    { id: 'specialty-2', code: 'dermatology', name: 'Dermatology' },
  ];
  server.use(http.get(url('clinic/'), () => ok(clinic({ specialties }))));
  const { person } = visit('/doctors?page=3');

  await person.type(await screen.findByLabelText('Doctor’s name'), 'smith');
  await person.selectOptions(screen.getByLabelText('Specialty'), 'General medicine');
  await person.selectOptions(screen.getByLabelText('Day of the week'), 'Tuesday');
  await person.click(screen.getByRole('button', { name: 'Show doctors' }));

  expect(await screen.findByText(/No doctors match/)).toBeVisible();
  expect(address()).toBe('/doctors?search=smith&specialty=general_medicine&weekday=1');
  expect(Object.fromEntries(requests.at(-1) ?? [])).toMatchObject({
    search: 'smith',
    specialty: 'general_medicine',
    weekday: '1',
    page: '1',
  });
});

test('an error while loading the list is shown and can be retried', async () => {
  server.use(http.get(url('users/doctors/'), () => HttpResponse.error()));
  const { person } = visit('/doctors');
  const again = await screen.findByRole('button', { name: 'Try again' });
  expect(screen.getByRole('alert')).toHaveTextContent('We could not connect to the booking system.');

  serveDoctors(page([doctor()]));
  await person.click(again);

  expect(await screen.findByRole('article')).toBeVisible();
});
