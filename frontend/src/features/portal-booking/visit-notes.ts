import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { VisitNoteInputRequest } from '@/gen';
import { portalBookingsNotesCreate, portalBookingsNotesList } from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { PORTAL } from '@/shared/staff/portal-data';

export const notesQuery = (id: string) =>
  queryOptions({
    queryKey: [...PORTAL, 'booking', id, 'notes'],
    queryFn: ({ signal }) => unwrap(portalBookingsNotesList({ path: { booking_id: id }, signal })),
  });

export function useSaveNote(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (note: VisitNoteInputRequest) =>
      unwrap(portalBookingsNotesCreate({ path: { booking_id: id }, body: note })),
    onSuccess: (versions) => queries.setQueryData(notesQuery(id).queryKey, versions),
    onError: () => queries.invalidateQueries({ queryKey: notesQuery(id).queryKey }),
  });
}
