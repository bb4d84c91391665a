import { screen } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { isSignedIn } from '@/shared/session/session';
import { user } from '../factories';
import { ok, refused, server, url } from '../server';
import { address, signedIn, visit } from '../visit';

const CODES = ['aaaa-bbbb', 'cccc-dddd'];
const session = (fields: object = {}) => ({
  user: user({ role: 'doctor' }),
  access: 'access-2',
  refresh: 'refresh-2',
  ...fields,
});
const codeRequired = (is_set_up: boolean) =>
  refused(401, { code: 'second_factor_required', data: { challenge: 'one', is_set_up } });
const key = { key: 'ABCD2345', address: 'otpauth://totp/x', picture: '<svg xmlns="x"></svg>' };

function recordRequests(path: string, answer: () => Response): unknown[] {
  const sent: unknown[] = [];
  server.use(
    http.post(url(path), async ({ request }) => {
      sent.push(await request.json());
      return answer();
    }),
  );
  return sent;
}

beforeEach(() => {
  server.use(
    http.get(url('auth/profile/'), () => ok(user({ role: 'doctor', first_name: 'Sam' }))),
    http.get(url('appointments/my-appointments/'), () =>
      ok({ count: 0, next: null, previous: null, results: [] }),
    ),
    http.post(url('auth/second-factor/set-up/'), () => ok(key)),
  );
});

async function enterPassword(path = '/sign-in') {
  const { person } = visit(path);
  await person.type(await screen.findByLabelText('Email address'), 'dr@example.com');
  await person.type(screen.getByLabelText('Password'), 'three random words');
  await person.click(screen.getByRole('button', { name: 'Sign in' }));
  return person;
}

test('after password and code the requested page opens', async () => {
  server.use(http.post(url('auth/login/'), () => codeRequired(true)));
  const sent = recordRequests('auth/login/second-factor/', () => ok(session()));

  const person = await enterPassword('/sign-in?next=%2Fportal');
  expect(await screen.findByRole('heading', { name: 'Enter your code' })).toHaveFocus();
  expect(isSignedIn()).toBe(false);
  await person.type(screen.getByLabelText('Code'), '123456');
  await person.click(screen.getByRole('button', { name: 'Sign in' }));

  expect(await screen.findByRole('heading', { name: /^Today/ })).toBeVisible();
  expect(address()).toBe('/portal');
  expect(sent).toEqual([{ challenge: 'one', code: '123456' }]);
});

test('a wrong code is shown at its field, and the user can start again', async () => {
  server.use(
    http.post(url('auth/login/'), () => codeRequired(true)),
    http.post(url('auth/login/second-factor/'), () =>
      refused(400, { code: 'invalid', errors: { code: ['This code is not right.'] } }),
    ),
  );

  const person = await enterPassword();
  await person.type(await screen.findByLabelText('Code'), '000000');
  await person.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('This code is not right.');
  expect(screen.getByLabelText('Code')).toBeInvalid();
  await person.click(screen.getByRole('button', { name: 'Start again' }));

  expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('two-step sign-in is set up first if the clinic requires it', async () => {
  server.use(http.post(url('auth/login/'), () => codeRequired(false)));
  const sent = recordRequests('auth/second-factor/set-up/confirm/', () =>
    ok(session({ recovery_codes: CODES })),
  );

  const person = await enterPassword();
  expect(await screen.findByText('ABCD2345')).toBeVisible();
  expect(screen.getByRole('img', { name: 'QR code with the key below' })).toBeVisible();
  await person.type(screen.getByLabelText('Code'), '123456');
  await person.click(screen.getByRole('button', { name: 'Turn on two-step sign-in' }));
  expect(await screen.findByText('cccc-dddd')).toBeVisible();
  await person.click(screen.getByRole('button', { name: 'I have saved my codes' }));

  expect(await screen.findByRole('heading', { name: /^Today/ })).toBeVisible();
  expect(sent).toEqual([{ challenge: 'one', code: '123456' }]);
});

test('a signed-in user turns it on and copies the recovery codes', async () => {
  signedIn();
  const state = { is_on: false, is_demanded: false, recovery_codes_left: 0 };
  server.use(http.get(url('auth/second-factor/'), () => ok(state)));
  const sent = recordRequests('auth/second-factor/set-up/confirm/', () =>
    ok(session({ recovery_codes: CODES })),
  );
  const { person } = visit('/portal/settings/second-step');

  await person.click(await screen.findByRole('button', { name: 'Set up two-step sign-in' }));
  await person.type(await screen.findByLabelText('Code'), '123456');
  await person.click(screen.getByRole('button', { name: 'Turn on two-step sign-in' }));
  await person.click(await screen.findByRole('button', { name: 'Copy' }));

  expect(await screen.findByText('Copied')).toBeVisible();
  expect(await navigator.clipboard.readText()).toBe(CODES.join('\n'));
  expect(sent).toEqual([{ code: '123456' }]);
});

test.each([
  ['Turn off two-step sign-in', 'switch-off', null],
  ['Get new recovery codes', 'recovery-codes', { recovery_codes: CODES }],
])('%s takes password and code', async (button, path, answer) => {
  signedIn();
  const state = { is_on: true, is_demanded: false, recovery_codes_left: 3 };
  server.use(http.get(url('auth/second-factor/'), () => ok(state)));
  const sent = recordRequests(`auth/second-factor/${path}/`, () => ok(answer));
  const { person } = visit('/portal/settings/second-step');

  expect(await screen.findByText(/You have 3 recovery codes left/)).toBeVisible();
  await person.type(screen.getByLabelText('Password'), 'three random words');
  await person.type(screen.getByLabelText('Code'), '123456');
  await person.click(screen.getByRole('button', { name: button }));

  await expect.poll(() => sent).toEqual([{ password: 'three random words', code: '123456' }]);
});

test('required two-step sign-in cannot be turned off', async () => {
  signedIn();
  const state = { is_on: true, is_demanded: true, recovery_codes_left: 1 };
  server.use(http.get(url('auth/second-factor/'), () => ok(state)));

  visit('/portal/settings/second-step');

  expect(await screen.findByText(/You have 1 recovery code left/)).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Turn off two-step sign-in' })).toBeNull();
});
