import { useState } from 'react';
import type { Problem } from './error-summary';

/** What a plain form lacks, as of the last try to go on. */
export function useProblems() {
  const [{ problems, tries }, setFound] = useState({ problems: [] as Problem[], tries: 0 });
  return {
    problems,
    tries,
    errorAt: (name: string) => problems.find(({ field }) => field === name)?.message,
    /** Shows what was found; whether it was nothing. */
    show: (found: Problem[]): boolean => {
      setFound({ problems: found, tries: tries + 1 });
      return found.length === 0;
    },
  };
}
