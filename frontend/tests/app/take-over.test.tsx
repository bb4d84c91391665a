import { fireEvent, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { takeOver } from '@/app/take-over';

const PAGE = `<div id="root"><h1>From the server</h1>
  <input type="radio" name="slot" id="nine" value="9"><input type="radio" name="slot" id="ten" value="10">
  <input id="name" value="Sam"><select id="day"><option value="">Any</option><option value="1">Monday</option></select>
</div>`;

function field(id: string): HTMLInputElement {
  return document.getElementById(id) as HTMLInputElement;
}

function App() {
  const [chosen, choose] = useState('');
  return (
    <>
      <h1>From the app</h1>
      {['nine', 'ten'].map((id) => (
        <input key={id} type="radio" id={id} checked={chosen === id} onChange={() => choose(id)} />
      ))}
      <output>{chosen}</output>
    </>
  );
}

test('the app replaces the page; the chosen radio button and the focus stay', async () => {
  document.body.innerHTML = PAGE;
  field('ten').click();
  field('ten').focus();

  takeOver(<App />);

  await screen.findByText('From the app');
  await waitFor(() => expect(screen.getByRole('status').textContent).toBe('ten'));
  expect(document.activeElement).toBe(field('ten'));
  expect(screen.queryByText('From the server')).toBeNull();
});

test('what the user has unfolded stays unfolded', async () => {
  const folds = '<details id="one"><summary>One</summary></details><details id="two"></details>';
  document.body.innerHTML = `<div id="root"><h1>From the server</h1>${folds}</div>`;
  document.getElementById('two')?.setAttribute('open', '');

  takeOver(
    <>
      <h1>From the app</h1>
      <details id="one" />
      <details id="two" />
    </>,
  );

  await screen.findByText('From the app');
  const open = [...document.querySelectorAll('details')].map((fold) => fold.open);
  expect(open).toEqual([false, true]);
});

test.each([
  ['name', 'Samira'],
  ['day', '1'],
])('a page in which %s was changed stays', async (id, value) => {
  document.body.innerHTML = PAGE;
  field(id).value = value;

  takeOver(<App />);
  await new Promise((done) => setTimeout(done, 50));

  expect(screen.getByText('From the server')).toBeDefined();
  expect(field(id).value).toBe(value);
});

test('the page stays while the app is loading', async () => {
  document.body.innerHTML = PAGE;

  takeOver(
    <>
      <h1>From the app</h1>
      <p className="loading" />
    </>,
  );
  await new Promise((done) => setTimeout(done, 50));

  expect(screen.getByText('From the server')).toBeDefined();
});

test('the page stays while the user presses a button of it, until after the click', async () => {
  document.body.innerHTML = PAGE;
  const heading = screen.getByText('From the server');
  takeOver(<App />);

  fireEvent.pointerDown(heading);
  await new Promise((done) => setTimeout(done, 50));
  expect(screen.getByText('From the server')).toBe(heading);
  fireEvent.pointerUp(heading);
  expect(screen.getByText('From the server')).toBe(heading);

  await screen.findByText('From the app');
});

test('the page stays once one of its forms is sent', async () => {
  document.body.innerHTML = `<div id="root"><form><h1>From the server</h1></form></div>`;
  takeOver(<App />);

  fireEvent.submit(document.forms[0] as HTMLFormElement);
  await new Promise((done) => setTimeout(done, 50));

  expect(screen.getByText('From the server')).toBeDefined();
});

test('the page stays if the app fails', async () => {
  document.body.innerHTML = PAGE;

  takeOver(
    <div className="app-failed">
      <h1>Something went wrong</h1>
    </div>,
  );
  await new Promise((done) => setTimeout(done));

  expect(screen.getByText('From the server')).toBeVisible();
});
