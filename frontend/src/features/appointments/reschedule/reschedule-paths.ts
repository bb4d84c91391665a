import type { Slot } from '@/shared/api/types';
import { address } from '@/shared/paths/with-query';

export const movePath = (id: string) => `/appointments/${id}/move`;

/** The step that shows the old time beside the new one. */
export const confirmMovePath = (id: string, slot: Slot) =>
  address(`${movePath(id)}/${slot.id}`, { doctor: slot.doctor, date: slot.local_date });

export const movedPath = (id: string) => `/appointments/${id}?moved`;
