import { t } from '@lingui/core/macro';
import * as z from 'zod/mini';
import type { FormError } from '@/shared/forms/error-summary';
import { email, required } from '@/shared/forms/rules';
import { readNewcomer } from './newcomer-draft';

/** Checks what a visitor has entered. Returns the first error of each field. */
export function newcomerErrors(asksBirth: boolean): FormError[] {
  const schema = z.object({
    first_name: required(t`Enter your first name`),
    last_name: required(t`Enter your last name`),
    email: email(),
    ...(asksBirth && { date_of_birth: required(t`Enter your date of birth`) }),
  });
  const found = new Map<string, string>();
  for (const { path, message } of schema.safeParse(readNewcomer()).error?.issues ?? []) {
    const field = String(path[0]);
    if (!found.has(field)) found.set(field, message);
  }
  return [...found].map(([field, message]) => ({ field, message }));
}
