import { useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '@/gen/client.gen';
import { unwrap } from '@/shared/api/client';
import type { Booking } from '@/shared/api/types';
import { useAnnounce } from '@/shared/staff/announcements';
import { PORTAL, useRefreshPortal } from '@/shared/staff/portal-data';
import { errorText } from '@/shared/ui/error-text';
import type { Board, Visit } from './board';

export type Step = 'arrive' | 'start' | 'complete' | 'no-show' | 'confirm';

const PATHS: Record<Step, string> = {
  arrive: '/api/appointments/bookings/{id}/check-in/',
  start: '/api/portal/bookings/{id}/start/',
  complete: '/api/appointments/bookings/{id}/complete/',
  'no-show': '/api/appointments/bookings/{id}/no-show/',
  confirm: '/api/appointments/bookings/{id}/confirm/',
};

const UNDO_SECONDS = 12;

const post = (path: string, id: string, body?: unknown) =>
  unwrap<Booking>(
    client.post({
      url: path.replace('{id}', id),
      security: [{ scheme: 'bearer', type: 'http' }],
      ...(body !== undefined && { body, headers: { 'Content-Type': 'application/json' } }),
    }) as never,
  );

interface StepOptions {
  /** Called when the visit has another status, also after an undo. */
  onMoved?: (id: string) => void;
}

/** Takes a visit one step further, says so and offers to undo it. */
export function useStep({ onMoved }: StepOptions = {}) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const refresh = useRefreshPortal();
  const announce = useAnnounce();
  const show = (id: string, status: Visit['status']) => {
    const now = new Date().toISOString();
    queries.setQueriesData<Board>(
      { queryKey: [...PORTAL, 'board'] },
      (board) => board && { ...board, visits: board.visits.map((visit) => moved(visit, id, status, now)) },
    );
    onMoved?.(id);
    refresh();
  };
  const fail = (error: unknown) => {
    announce({ text: errorText(error) });
    refresh();
  };
  const undo = useMutation({
    mutationFn: ({ visit, status }: { visit: Visit; status: Visit['status'] }) =>
      post('/api/portal/bookings/{id}/undo/', visit.id, { status }),
    onSuccess: (booking, { visit }) => {
      show(visit.id, booking.status);
      announce({ text: t`Undone: ${visit.patient.name}` });
    },
    onError: fail,
  });
  return useMutation({
    mutationFn: ({ visit, step }: { visit: Visit; step: Step }) => post(PATHS[step], visit.id),
    onSuccess: ({ status }, { visit, step }) => {
      const name = visit.patient.name;
      const texts: Record<Step, string> = {
        arrive: t`${name} has arrived`,
        start: t`Visit of ${name} started`,
        complete: t`Visit of ${name} completed`,
        'no-show': t`${name} did not come`,
        confirm: t`Appointment of ${name} confirmed`,
      };
      show(visit.id, status);
      const undoes = step !== 'confirm' && { undo: () => undo.mutate({ visit, status }) };
      announce({ text: texts[step], seconds: UNDO_SECONDS, ...undoes });
    },
    onError: fail,
  });
}

function moved(visit: Visit, id: string, status: Visit['status'], now: string): Visit {
  if (visit.id !== id) return visit;
  const arrived_at = status === 'CHECKED_IN' ? (visit.arrived_at ?? now) : visit.arrived_at;
  return { ...visit, status, arrived_at };
}
