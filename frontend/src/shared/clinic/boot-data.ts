import type { QueryClient } from '@tanstack/react-query';
import type { Clinic } from '@/shared/api/types';
import { clinicQuery } from './get-clinic';

interface BootData {
  clinic?: Clinic;
  /** The id of the user whom the server has recognised. */
  user?: string;
  /** A draft that was begun in a form of the server, by its name. */
  drafts?: Record<string, object>;
}

/** Reads the data embedded in the page. The clinic goes into the query cache, which saves a request. */
export function readBootData(queries: QueryClient): BootData {
  const boot: BootData = JSON.parse(document.getElementById('boot')?.textContent ?? '{}');
  if (boot.clinic) {
    queries.setQueryData(clinicQuery().queryKey, boot.clinic);
  }
  return boot;
}
