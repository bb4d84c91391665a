import { queryOptions } from '@tanstack/react-query';
import type { CalendarDoctor } from '@/gen';
import { portalDoctorsRetrieve } from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { PORTAL } from '@/shared/staff/portal-data';

/** All doctors whose calendar the user may open, with the names of the places. */
export const doctorsQuery = () =>
  queryOptions({
    queryKey: [...PORTAL, 'doctors'],
    queryFn: ({ signal }) => unwrap(portalDoctorsRetrieve({ signal })),
    staleTime: 300_000,
  });

/** Whether every word of a search is in the doctor's name or specialties. */
export function matches(doctor: CalendarDoctor, search: string): boolean {
  const text = [doctor.display_name, ...doctor.specialties.map(({ name }) => name)].join(' ').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
