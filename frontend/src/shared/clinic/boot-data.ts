import type { QueryClient } from '@tanstack/react-query';
import { activateLocale } from '@/shared/locale/locale';
import { clinicQuery } from './get-clinic';

/** Fills the query cache with the data embedded in the page, which saves a request. */
export function readBootData(queries: QueryClient): void {
  const boot = document.getElementById('boot')?.textContent;
  if (!boot) return;
  const { clinic } = JSON.parse(boot);
  if (!clinic) return;
  activateLocale(clinic.locale);
  queries.setQueryData(clinicQuery().queryKey, clinic);
}
