import { useSearchParams } from 'react-router';
import { withQuery } from '@/shared/paths/with-query';
import { useStaff } from '@/shared/staff/staff-context';

/** Returns the id of the doctor whose schedule an admin works on; undefined for doctors, who see their own. */
export function useScheduleDoctor(): string | undefined {
  const staff = useStaff();
  const [search] = useSearchParams();
  return staff.role === 'doctor' ? undefined : (search.get('doctor') ?? undefined);
}

/** Adds the doctor to a path, so that an admin continues with the same doctor. */
export const withDoctor = (path: string, doctor: string | undefined) => withQuery(path, { doctor });
