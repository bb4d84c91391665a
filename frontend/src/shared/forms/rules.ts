import { t } from '@lingui/core/macro';
import * as z from 'zod/mini';

export const required = (message: string) => z.string().check(z.trim(), z.minLength(1, message));

export const email = () =>
  z
    .string()
    .check(
      z.trim(),
      z.minLength(1, t`Enter your email address`),
      z.email(t`Enter an email address in the correct format, like name@example.com`),
    );

export const optional = () => z.string().check(z.trim());

/** Not trimmed: a space may be part of a password. */
export const secret = (message: string) => z.string().check(z.minLength(1, message));
