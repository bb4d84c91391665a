import { useQuery } from '@tanstack/react-query';
import { useParams, useSearchParams } from 'react-router';
import { doctorQuery } from '@/shared/api/get-doctor';
import { openSlotsQuery } from '@/shared/api/list-open-slots';
import type { Doctor, Slot, VisitType } from '@/shared/api/types';
import { useVisitType } from '@/shared/visit-types/use-visit-type';

export interface ChosenSlot {
  doctor: Doctor;
  /** null if it is no longer open. */
  slot: Slot | null;
  /** null if the clinic has no visit types. */
  visitType: VisitType | null;
}

/** Finds the slot in the URL among the doctor's open slots of that day. */
export function useSlotFromUrl() {
  const { slotId = '' } = useParams();
  const [params] = useSearchParams();
  const date = params.get('date') ?? '';
  const doctorId = params.get('doctor') ?? '';
  const { visitType, mustChoose } = useVisitType(doctorId);
  const doctor = useQuery(doctorQuery(doctorId));
  const day = useQuery(openSlotsQuery({ doctor: doctorId, from: date, to: date, visit_type: visitType?.id }));
  const slot = day.data?.find(({ id }) => id === slotId) ?? null;
  const chosen: ChosenSlot | null = doctor.data && day.data ? { doctor: doctor.data, slot, visitType } : null;
  const failed = doctor.error ?? day.error;
  const retry = () => {
    doctor.refetch();
    day.refetch();
  };
  return { slotId, doctorId, date, chosen, mustChoose, failed, retry };
}
