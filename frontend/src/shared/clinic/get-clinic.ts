import { queryOptions } from '@tanstack/react-query';
import { clinicRetrieve } from '@/gen';
import { unwrap } from '@/shared/api/client';
import type { Clinic } from '@/shared/api/types';
import { activateLocale } from '@/shared/locale/locale';

/** The clinic of this host. Loading it also selects its locale. */
export const clinicQuery = () =>
  queryOptions({
    queryKey: ['clinic'],
    queryFn: async ({ signal }) => {
      const clinic: Clinic = await unwrap(clinicRetrieve({ signal }));
      await activateLocale(clinic.locale);
      return clinic;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
