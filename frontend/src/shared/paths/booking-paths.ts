import type { Slot } from '@/shared/api/types';
import { address } from './with-query';

/** The query parameter that carries the visit type. */
export const VISIT_TYPE = 'visit_type';

export type Step = 'details' | 'check';

/** Steps of the booking of one slot. */
export function stepPath(
  step: Step,
  slot: Pick<Slot, 'id' | 'doctor' | 'local_date'>,
  visitType: string | undefined,
): string {
  const path = step === 'check' ? `/booking/${slot.id}/check` : `/booking/${slot.id}`;
  return address(path, { doctor: slot.doctor, date: slot.local_date, [VISIT_TYPE]: visitType });
}

/** The times of any doctor, of a specialty (its code) where the clinic has several. */
export function firstAvailablePath(specialty?: string, visitType?: string): string {
  return address('/first-available', { [VISIT_TYPE]: visitType, specialty });
}

/** The times of a doctor, with one of them chosen where it is given. */
export function timesPath(doctorId: string, visitType?: string, slot?: Slot): string {
  return address(`/doctors/${doctorId}`, {
    [VISIT_TYPE]: visitType,
    from: slot?.local_date,
    slot: slot?.id,
  });
}
