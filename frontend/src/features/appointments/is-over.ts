import type { Booking } from '@/shared/api/types';

const OVER: Booking['status'][] = ['CANCELLED', 'COMPLETED', 'NO_SHOW'];

/** Whether the visit is cancelled, completed or past, so that the patient may want another one. */
export const isOver = ({ status, ends_at }: Pick<Booking, 'status' | 'ends_at'>) =>
  OVER.includes(status) || Date.parse(ends_at) <= Date.now();
