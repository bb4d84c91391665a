import { useQuery } from '@tanstack/react-query';
import { useParams, useSearchParams } from 'react-router';
import { doctorQuery } from '@/shared/api/get-doctor';
import { openSlotsQuery } from '@/shared/api/list-open-slots';
import type { Doctor, Slot } from '@/shared/api/types';

export interface ChosenSlot {
  doctor: Doctor;
  /** null when it can no longer be booked. */
  slot: Slot | null;
  /** What is open instead on that day. */
  others: Slot[];
}

/** The slot that the address names, found among the doctor's open times of that day. */
export function useSlotFromAddress() {
  const { slotId = '' } = useParams();
  const [params] = useSearchParams();
  const date = params.get('date') ?? '';
  const doctorId = params.get('doctor') ?? '';
  const doctor = useQuery(doctorQuery(doctorId));
  const day = useQuery(openSlotsQuery({ doctor: doctorId, from: date, to: date }));
  const slot = day.data?.find(({ id }) => id === slotId) ?? null;
  const chosen: ChosenSlot | null =
    doctor.data && day.data ? { doctor: doctor.data, slot, others: day.data } : null;
  const failed = doctor.error ?? day.error;
  const retry = () => {
    doctor.refetch();
    day.refetch();
  };
  return { slotId, chosen, failed, retry };
}

/** Steps of the booking of one slot. */
export function stepPath(
  step: 'details' | 'check',
  slot: Pick<Slot, 'id' | 'doctor' | 'local_date'>,
): string {
  const path = step === 'check' ? `/booking/${slot.id}/check` : `/booking/${slot.id}`;
  return `${path}?doctor=${slot.doctor}&date=${slot.local_date}`;
}
