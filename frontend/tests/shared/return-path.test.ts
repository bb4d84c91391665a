import { expect, test } from 'vitest';
import { returnPath, signInPath } from '@/shared/paths/return-path';

test('the return path includes the query string', () => {
  const path = signInPath({ pathname: '/booking/1/check', search: '?doctor=2' });

  expect(returnPath(new URL(path, 'http://clinic.test').searchParams)).toBe('/booking/1/check?doctor=2');
});

test.each(['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)', ''])(
  'never leads to %s',
  (next) => {
    expect(returnPath(new URLSearchParams({ next }))).toBeNull();
  },
);
