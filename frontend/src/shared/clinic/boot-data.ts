import type { QueryClient } from '@tanstack/react-query';
import { clinicQuery } from './get-clinic';

/** The page may carry the first answers, which saves their round trips. */
export function readBootData(queries: QueryClient): void {
  const boot = document.getElementById('boot')?.textContent;
  if (!boot) return;
  const { clinic } = JSON.parse(boot);
  if (clinic) queries.setQueryData(clinicQuery().queryKey, clinic);
}
