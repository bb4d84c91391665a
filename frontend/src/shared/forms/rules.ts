import * as z from 'zod/mini';

export const required = (message: string) => z.string().check(z.trim(), z.minLength(1, message));

export const email = (message: string) => z.string().check(z.trim(), z.email(message));

export const optional = () => z.string().check(z.trim());

/** Not trimmed: a space may be part of a password. */
export const secret = (message: string) => z.string().check(z.minLength(1, message));
