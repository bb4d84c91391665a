import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  authEmailChangeCreate,
  authEmailChangeDestroy,
  authEmailChangeResendCreate,
  authEmailChangeRetrieve,
} from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import type { PendingEmailChange } from '@/shared/api/types';
import { MINE } from '@/shared/session/get-user';

export interface EmailChange {
  email: string;
  password: string;
}

/** The new email address that waits for its confirmation, or null. */
export const pendingEmailQuery = () =>
  queryOptions({
    queryKey: [MINE, 'email-change'],
    queryFn: ({ signal }): Promise<PendingEmailChange | null> => unwrap(authEmailChangeRetrieve({ signal })),
    staleTime: 0,
  });

/** Asks for a new email address. The server emails a link to it; the old address stays until it is used. */
export function useChangeEmail() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: EmailChange) => unwrap(authEmailChangeCreate({ body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: pendingEmailQuery().queryKey }),
  });
}

/** Has the link to the new address sent again. The earlier link ends. */
export function useResendLink() {
  const queries = useQueryClient();
  const { queryKey } = pendingEmailQuery();
  return useMutation({
    mutationFn: () => unwrap(authEmailChangeResendCreate()),
    onSuccess: (change) => queries.setQueryData(queryKey, change),
    // It may have been confirmed, or cancelled in another tab.
    onError: () => queries.invalidateQueries({ queryKey }),
  });
}

/** Ends the link to the new address. */
export function useCancelChange() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(authEmailChangeDestroy()),
    onSuccess: () => queries.setQueryData(pendingEmailQuery().queryKey, null),
  });
}
