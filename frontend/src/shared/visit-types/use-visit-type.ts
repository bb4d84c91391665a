import { useSearchParams } from 'react-router';
import type { VisitType } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { VISIT_TYPE } from '@/shared/paths/booking-paths';

/** Whether the doctor offers the visit type at present. One that names no doctor is offered by all. */
export const isOfferedBy = (doctorId: string, { doctors, paused_by }: VisitType) =>
  (doctors.length === 0 || doctors.includes(doctorId)) && !paused_by.includes(doctorId);

/**
 * The visit type in the URL, or the only one.
 *
 * @param doctorId restricts it to visit types that this doctor offers
 */
export function useVisitType(doctorId?: string) {
  const { visit_types: all } = useClinic();
  const [params] = useSearchParams();
  const types = doctorId ? all.filter((type) => isOfferedBy(doctorId, type)) : all;
  const only = types.length === 1 ? types[0] : undefined;
  const visitType = only ?? types.find(({ id }) => id === params.get(VISIT_TYPE)) ?? null;
  return {
    visitType,
    types,
    /** Whether the user must choose a visit type first. */
    mustChoose: types.length > 1 && !visitType,
    /** Whether the clinic has visit types and this doctor offers none. */
    noneOffered: all.length > 0 && types.length === 0,
  };
}
