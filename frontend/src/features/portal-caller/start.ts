import { queryOptions } from '@tanstack/react-query';
import { appointmentsBookingsRetrieve } from '@/gen';
import { portalNextFreeRetrieve } from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import type { FoundPatient, FreeTime } from '@/shared/api/types';
import { PORTAL } from '@/shared/staff/portal-data';
import { readPatient } from './change-patient';

/** The initial values from the URL: `?patient=&slot=&doctor=&date=&visit_type=&rebook=`. */
export interface Start {
  patient: FoundPatient | null;
  visitType: string | null;
  doctor: string | null;
  /** The first day to search. */
  date: string | null;
  /** The time that was clicked. */
  time: FreeTime | null;
  /** Whether the time that was clicked has been taken since. */
  timeIsGone: boolean;
}

/** Reads the patient, the time and the earlier booking in the URL. */
export const startQuery = (params: URLSearchParams) =>
  queryOptions({
    queryKey: [...PORTAL, 'new-booking', params.toString()],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: async (): Promise<Start> => {
      const rebook = params.get('rebook');
      const before = rebook
        ? await unwrap(appointmentsBookingsRetrieve({ path: { booking_id: rebook } }))
        : null;
      const patient = params.get('patient') || before?.patient.id;
      const visitType = params.get('visit_type') || before?.visit_type?.id || null;
      const slot = params.get('slot');
      const time = slot ? await readTime(slot, visitType) : null;
      return {
        patient: patient ? await readPatient(patient) : null,
        visitType,
        doctor: params.get('doctor') || before?.doctor.id || time?.doctor || null,
        date: params.get('date'),
        time,
        timeIsGone: slot !== null && time === null,
      };
    },
  });

async function readTime(slot: string, visitType: string | null): Promise<FreeTime | null> {
  const query = { slot, ...(visitType && { visit_type: visitType }) };
  return (await unwrap(portalNextFreeRetrieve({ query }))).results[0] ?? null;
}
