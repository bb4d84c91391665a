import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { portalPatientsRetrieve } from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import type { FoundPatient } from '@/shared/api/types';
import { PORTAL } from './portal-data';

export interface FoundPatients {
  results: FoundPatient[];
  has_more: boolean;
  /** The text that they were found by. */
  text: string;
}

/** The shortest text that is searched for. */
export const MIN_SEARCH = 2;

/** The patients whose name, telephone number or date of birth matches what a caller says. */
export const foundPatientsQuery = (text: string) =>
  queryOptions({
    queryKey: [...PORTAL, 'patients', text],
    queryFn: async ({ signal }): Promise<FoundPatients> => ({
      ...(await unwrap(portalPatientsRetrieve({ query: { q: text }, signal }))),
      text,
    }),
    enabled: text.length >= MIN_SEARCH,
    placeholderData: keepPreviousData,
    staleTime: 15_000,
  });
