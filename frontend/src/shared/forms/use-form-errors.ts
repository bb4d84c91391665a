import { useState } from 'react';
import type { FormError } from './error-summary';

/** The errors of a form without react-hook-form, as of its last submit. */
export function useFormErrors() {
  const [{ errors, attempts }, setState] = useState({ errors: [] as FormError[], attempts: 0 });
  return {
    errors,
    attempts,
    errorAt: (name: string) => errors.find(({ field }) => field === name)?.message,
    /** Shows the errors. Returns true if there are none. */
    show: (found: FormError[]): boolean => {
      setState((before) => ({ errors: found, attempts: before.attempts + 1 }));
      return found.length === 0;
    },
  };
}
