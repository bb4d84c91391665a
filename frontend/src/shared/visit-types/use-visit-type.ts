import { useSearchParams } from 'react-router';
import type { VisitType } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { VISIT_TYPE } from '@/shared/paths/booking-paths';

export const offers = (doctorId: string, { doctors }: VisitType) =>
  doctors.length === 0 || doctors.includes(doctorId);

/**
 * What the visit is for: as the address says, or the only thing there is to come for.
 *
 * @param doctorId with whom, where that is known
 */
export function useVisitType(doctorId?: string) {
  const { visit_types: all } = useClinic();
  const [params] = useSearchParams();
  const types = doctorId ? all.filter((type) => offers(doctorId, type)) : all;
  const only = types.length === 1 ? types[0] : undefined;
  const visitType = only ?? types.find(({ id }) => id === params.get(VISIT_TYPE)) ?? null;
  return {
    visitType,
    types,
    /** Nothing goes on before somebody has said what for. */
    toChoose: types.length > 1 && !visitType,
    /** The clinic has named its visits, and this doctor offers none of them. */
    noneOffered: all.length > 0 && types.length === 0,
  };
}
