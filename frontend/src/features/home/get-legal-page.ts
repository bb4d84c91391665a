import { queryOptions } from '@tanstack/react-query';
import { clinicLegalRetrieve } from '@/gen/visitor-pages.gen';
import { unwrap } from '@/shared/api/client';

export type LegalKind = 'privacy' | 'accessibility' | 'terms';

/** A legal page of this clinic. */
export const legalPageQuery = (kind: LegalKind) =>
  queryOptions({
    queryKey: ['legal', kind],
    queryFn: ({ signal }) => unwrap(clinicLegalRetrieve({ path: { kind }, signal })),
    staleTime: 300_000,
  });
