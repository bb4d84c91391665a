import { useSearchParams } from 'react-router';
import { withQuery } from '@/shared/paths/with-query';
import { isFrontDesk, useStaff } from '@/shared/staff/staff-context';

/** Returns the id of the doctor whose schedule an admin works on; undefined for doctors, who see their own. */
export function useScheduleDoctor(): string | undefined {
  const staff = useStaff();
  const [search] = useSearchParams();
  return staff.role === 'doctor' ? undefined : (search.get('doctor') ?? undefined);
}

/** Whether the user has a schedule to change: a doctor, or an admin who has chosen one. Receptionists only read them. */
export function useMayChangeSchedule(): boolean {
  const staff = useStaff();
  const doctor = useScheduleDoctor();
  return !isFrontDesk(staff) || (staff.role === 'admin' && doctor !== undefined);
}

/** Adds the doctor to a path, so that an admin continues with the same doctor. */
export const withDoctor = (path: string, doctor: string | undefined) => withQuery(path, { doctor });
