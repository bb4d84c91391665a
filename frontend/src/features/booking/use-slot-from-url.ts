import { useQuery } from '@tanstack/react-query';
import { useParams, useSearchParams } from 'react-router';
import { doctorQuery } from '@/shared/api/get-doctor';
import { openSlotsQuery } from '@/shared/api/list-open-slots';
import type { Doctor, Slot, VisitType } from '@/shared/api/types';
import { useVisitType } from '@/shared/visit-types/use-visit-type';

export interface ChosenSlot {
  doctor: Doctor;
  /** null when it can no longer be booked. */
  slot: Slot | null;
  /** What for; null where the clinic does not ask. */
  visitType: VisitType | null;
  /** What is open instead on that day. */
  others: Slot[];
}

/** The slot that the address names, found among the doctor's open times of that day. */
export function useSlotFromAddress() {
  const { slotId = '' } = useParams();
  const [params] = useSearchParams();
  const date = params.get('date') ?? '';
  const doctorId = params.get('doctor') ?? '';
  const { visitType, toChoose } = useVisitType(doctorId);
  const doctor = useQuery(doctorQuery(doctorId));
  const day = useQuery(openSlotsQuery({ doctor: doctorId, from: date, to: date, visit_type: visitType?.id }));
  const slot = day.data?.find(({ id }) => id === slotId) ?? null;
  const chosen: ChosenSlot | null =
    doctor.data && day.data ? { doctor: doctor.data, slot, visitType, others: day.data } : null;
  const failed = doctor.error ?? day.error;
  const retry = () => {
    doctor.refetch();
    day.refetch();
  };
  return { slotId, doctorId, chosen, toChoose, failed, retry };
}
