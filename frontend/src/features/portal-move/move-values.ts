import type { MovableVisit } from '@/gen';

export interface MoveValues {
  doctor: string;
  date: string;
  time: string;
  minutes: string;
  note: string;
}

const MINUTE = 60_000;

/** Returns the values of a visit as it is now. */
export const valuesOf = (visit: MovableVisit): MoveValues => ({
  doctor: visit.doctor.id,
  date: visit.local_date,
  time: visit.local_time.slice(0, 5),
  minutes: String((Date.parse(visit.ends_at) - Date.parse(visit.starts_at)) / MINUTE),
  note: '',
});
