import type { Slot } from '@/shared/api/types';
import { withQuery } from '@/shared/paths/with-query';

export const reschedulePath = (id: string) => `/appointments/${id}/move`;

/** The step that compares the old time with the new one. */
export const confirmReschedulePath = (id: string, slot: Slot) =>
  withQuery(`${reschedulePath(id)}/${slot.id}`, { doctor: slot.doctor, date: slot.local_date });

export const rescheduledPath = (id: string) => `/appointments/${id}?moved`;
