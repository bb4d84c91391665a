import type { Slot } from '@/shared/api/types';
import { withQuery } from './with-query';

/** The query parameter that carries the visit type. */
export const VISIT_TYPE = 'visit_type';

export type Step = 'details' | 'code' | 'check';

/** The URL of a step of the booking flow. */
export function bookingStepPath(
  step: Step,
  slot: Pick<Slot, 'id' | 'doctor' | 'local_date'>,
  visitType: string | undefined,
): string {
  const path = `/booking/${slot.id}${step === 'details' ? '' : `/${step}`}`;
  return withQuery(path, { doctor: slot.doctor, date: slot.local_date, [VISIT_TYPE]: visitType });
}

/** The URL of the first available times, for a specialty code if the clinic has several. */
export function firstAvailablePath(
  specialty?: string,
  visitType?: string,
  filters: Record<string, string> = {},
): string {
  return withQuery('/first-available', { [VISIT_TYPE]: visitType, specialty, ...filters });
}

/** The URL of a doctor's times, with one selected if `slot` is given. */
export function timesPath(doctorId: string, visitType?: string, slot?: Slot): string {
  return withQuery(`/doctors/${doctorId}`, {
    [VISIT_TYPE]: visitType,
    from: slot?.local_date,
    slot: slot?.id,
  });
}
