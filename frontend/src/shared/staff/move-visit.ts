import { useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import type { MovableVisit, MoveInputRequest } from '@/gen';
import { portalBookingsMoveCreate, portalBookingsMoveUndoCreate } from '@/gen/portal.gen';
import { isApiError } from '@/shared/api/api-error';
import { unwrap } from '@/shared/api/client';
import { endTime, shortDate, startTime } from '@/shared/times/format';
import { errorText } from '@/shared/ui/error-text';
import { useAnnounce } from './announcements';
import { useRefreshPortal } from './portal-data';

/** How long Undo is offered. The server waits for 15 seconds, and a request takes a moment. */
const UNDO_SECONDS = 14;
const ATTEMPTS = 3;

/** The versions that own moves have led to: a screen may not have been read again since. */
const ownVersions = new Map<string, number>();
const noteVersion = ({ id, version }: MovableVisit) => ownVersions.set(id, version);
const latestVersion = (id: string, seen: number) => Math.max(seen, ownVersions.get(id) ?? 0);

const mayBeLost = (failures: number, error: Error) =>
  failures < ATTEMPTS && isApiError(error) && error.isRetryable;

export interface Move {
  id: string;
  change: MoveInputRequest;
}

/** Moves a visit or changes its length. Announces it with an undo button, until a message is sent to the patient. */
export function useMoveVisit() {
  const { t } = useLingui();
  const announce = useAnnounce();
  const refresh = useRefreshPortal();
  const undo = useUndoMove();
  return useMutation({
    mutationFn: ({ id, change }: Move) => {
      const body = { ...change, version: latestVersion(id, change.version) };
      return unwrap(portalBookingsMoveCreate({ path: { booking_id: id }, body }));
    },
    // Repeating a move that was made has no effect, so a lost one is sent again.
    retry: mayBeLost,
    retryDelay: 1000,
    onSuccess: (moved) => {
      noteVersion(moved);
      const day = shortDate(moved.local_date);
      const [start, end] = [startTime(moved), endTime(moved)];
      announce({
        text: t`${moved.patient.name}: ${day}, ${start} to ${end}. We will notify the patient in a few seconds.`,
        undo: () => undo.mutate(moved),
        seconds: UNDO_SECONDS,
      });
    },
    // Also after an error: somebody else may have changed the visit, or the response was lost.
    onSettled: () => refresh(),
  });
}

/** Undoes a move. The request may be repeated, so a lost one is sent again. */
function useUndoMove() {
  const { t } = useLingui();
  const announce = useAnnounce();
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: ({ id, version }: MovableVisit) =>
      unwrap(portalBookingsMoveUndoCreate({ path: { booking_id: id }, body: { version } })),
    retry: mayBeLost,
    retryDelay: 1000,
    onSuccess: (undone) => {
      noteVersion(undone);
      announce({ text: t`Move undone. No message was sent to the patient.` });
    },
    onError: (error) => announce({ text: errorText(error), seconds: 20 }),
    onSettled: () => refresh(),
  });
}
