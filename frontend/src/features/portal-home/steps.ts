import { useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useAnnounce } from '@/shared/staff/announcements';
import {
  type StepName,
  takeStep,
  UNDO_SECONDS,
  type UndoableStatus,
  undoStep,
  useStepText,
} from '@/shared/staff/booking-steps';
import { PORTAL, useRefreshPortal } from '@/shared/staff/portal-data';
import { errorText } from '@/shared/ui/error-text';
import type { Board, Visit } from './board';

/** A refusal may say how somebody else has changed the visit. */
const REFUSAL_SECONDS = 20;

interface StepOptions {
  /** Called when the visit has another status, also after an undo. */
  onMoved?: (id: string) => void;
}

/** Takes a step with a visit, announces it and offers to undo it. */
export function useStep({ onMoved }: StepOptions = {}) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const refresh = useRefreshPortal();
  const announce = useAnnounce();
  const stepText = useStepText();
  const show = (id: string, status: Visit['status']) => {
    const now = new Date().toISOString();
    queries.setQueriesData<Board>(
      { queryKey: [...PORTAL, 'board'] },
      (board) =>
        board && { ...board, visits: board.visits.map((visit) => withStatus(visit, id, status, now)) },
    );
    onMoved?.(id);
    refresh();
  };
  const fail = (error: unknown, { visit }: { visit: Visit }) => {
    announce({ text: `${visit.patient.name}: ${errorText(error)}`, seconds: REFUSAL_SECONDS });
    refresh();
  };
  const undo = useMutation({
    mutationFn: ({ visit, status }: { visit: Visit; status: UndoableStatus }) => undoStep(visit.id, status),
    onSuccess: (booking, { visit }) => {
      show(visit.id, booking.status);
      announce({ text: t`Undone: ${visit.patient.name}` });
    },
    onError: fail,
  });
  return useMutation({
    mutationFn: ({ visit, step }: { visit: Visit; step: StepName }) =>
      takeStep(visit.id, step, visit.version),
    onSuccess: ({ status }, { visit, step }) => {
      show(visit.id, status);
      const text = stepText(step, visit.patient.name);
      if (step === 'confirm') return announce({ text });
      const undoStatus = status as UndoableStatus;
      announce({ text, seconds: UNDO_SECONDS, undo: () => undo.mutate({ visit, status: undoStatus }) });
    },
    onError: fail,
  });
}

function withStatus(visit: Visit, id: string, status: Visit['status'], now: string): Visit {
  if (visit.id !== id) return visit;
  const arrived_at = status === 'CHECKED_IN' ? (visit.arrived_at ?? now) : visit.arrived_at;
  return { ...visit, status, arrived_at };
}
