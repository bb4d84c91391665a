import { screen, within } from '@testing-library/react';
import { http } from 'msw';
import { expect, test } from 'vitest';
import { clinic, homePage } from '../factories';
import { ok, server, url } from '../server';
import { address, visit } from '../visit';

test('the home page describes the clinic and links to booking', async () => {
  server.use(http.get(url('clinic/home/'), () => ok(homePage())));

  const { person } = visit('/');

  expect(await screen.findByRole('heading', { level: 1 })).toHaveTextContent('Good care by the river');
  expect(document.title).toBe('Book an appointment – Riverside Clinic');
  const hours = within(screen.getByRole('table', { name: 'Opening hours' }));
  expect(hours.getAllByRole('row').map((row) => row.textContent)).toEqual([
    'Monday9:00 am to 5:00 pm',
    'TuesdayClosed',
  ]);
  const links = Object.fromEntries(
    within(screen.getByRole('main'))
      .getAllByRole('link')
      .map((link) => [link.textContent, link.getAttribute('href')]),
  );
  expect(links).toEqual({
    'Book an appointment': '/first-available',
    '+44 20 7946 0100': 'tel:+442079460100',
    'Check-up': '/doctors?visit_type=visit-1',
    Dentistry: '/doctors?specialty=dentistry',
    'See on a map: Riverside Clinic': 'https://maps.example',
    'Get directions: Riverside Clinic': 'https://way.example',
    'Dr Jane Smith': '/doctors/doctor-1',
    'See all doctors': '/doctors',
  });

  await person.click(screen.getByRole('link', { name: 'Book an appointment' }));
  expect(address()).toBe('/first-available');
});

test('a clinic that has written nothing has no empty sections', async () => {
  const empty = {
    welcome_html: '',
    urgent_html: '',
    hours: [],
    sites: [],
    offers: [],
    specialties: [],
    team: [],
  };
  server.use(http.get(url('clinic/home/'), () => ok(homePage({ ...empty, team_size: 0 }))));

  visit('/');

  await screen.findByRole('heading', { level: 1 });
  expect(screen.getAllByRole('heading')).toHaveLength(1);
});

test('a logo is shown in the header, and the legal pages are linked in the footer', async () => {
  const logo = { src: '/logo.png', sources: [], width: 400, height: 100 };
  const { branding } = clinic();
  server.use(
    http.get(url('clinic/'), () => ok(clinic({ branding: { ...branding, logo } }))),
    http.get(url('clinic/home/'), () => ok(homePage())),
    http.get(url('clinic/legal/terms/'), () =>
      ok({ kind: 'terms', title: 'Terms of use', html: '<h2>Pets</h2>', changed_on: '2026-11-24' }),
    ),
  );

  const { person } = visit('/');
  const footer = within(await screen.findByRole('contentinfo'));
  expect(document.querySelector('.brand-logo')).toHaveAttribute('src', '/logo.png');
  await person.click(footer.getByRole('link', { name: 'Terms of use' }));

  expect(await screen.findByRole('heading', { name: 'Terms of use', level: 1 })).toHaveFocus();
  expect(screen.getByRole('heading', { name: 'Pets', level: 2 })).toBeVisible();
  expect(screen.getByText('Last changed on Tuesday 24 November 2026.')).toBeVisible();
});
