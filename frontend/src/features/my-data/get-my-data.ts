import { queryOptions, useMutation } from '@tanstack/react-query';
import { usersMeExportReadableRetrieve, usersMeExportRetrieve } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import { saveFile } from '@/shared/api/save-file';
import { MINE } from '@/shared/session/get-user';

/** All data as text, for the page. */
export const myDataQuery = () =>
  queryOptions({
    queryKey: [MINE, 'data', 'readable'],
    queryFn: ({ signal }) => unwrap(usersMeExportReadableRetrieve({ signal })),
    // Everything a clinic holds about a person is not to lie about longer than it is shown.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Fetches all data and hands it to the browser as a file. */
export function useDownloadMyData() {
  return useMutation({
    mutationFn: async () => {
      const data = await unwrap(usersMeExportRetrieve());
      saveFile(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }), 'my-data.json');
    },
    gcTime: 0,
  });
}
