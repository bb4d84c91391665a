import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { usersMeMessagePreferencesRetrieve, usersMeMessagePreferencesUpdate } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import type { MessagePreference } from '@/shared/api/types';
import { MINE } from '@/shared/session/get-user';

export const preferencesQuery = () =>
  queryOptions({
    queryKey: [MINE, 'message-preferences'],
    queryFn: ({ signal }) => unwrap(usersMeMessagePreferencesRetrieve({ signal })),
    staleTime: 0,
  });

export function useSavePreferences() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (preferences: MessagePreference[]) =>
      unwrap(usersMeMessagePreferencesUpdate({ body: { preferences } })),
    onSuccess: (saved) => queries.setQueryData(preferencesQuery().queryKey, saved),
  });
}
