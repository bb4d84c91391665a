import { useMutation } from '@tanstack/react-query';
import { appointmentsBookingsCancelCreate, type CancelInputRequest, type UndoInputRequest } from '@/gen';
import {
  appointmentsBookingsCheckInCreate,
  appointmentsBookingsCompleteCreate,
  appointmentsBookingsConfirmCreate,
  appointmentsBookingsNoShowCreate,
  portalBookingsStartCreate,
  portalBookingsUndoCreate,
} from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { useRefreshPortal } from '@/shared/staff/portal-data';

const REQUESTS = {
  confirm: appointmentsBookingsConfirmCreate,
  check_in: appointmentsBookingsCheckInCreate,
  start: portalBookingsStartCreate,
  complete: appointmentsBookingsCompleteCreate,
  no_show: appointmentsBookingsNoShowCreate,
};

export type StepName = keyof typeof REQUESTS;

/** Takes a step with a booking. The portal is read again afterwards, also if the step was refused. */
export function useTakeStep(id: string) {
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: (step: StepName) => unwrap(REQUESTS[step]({ path: { booking_id: id } })),
    onSettled: refresh,
  });
}

/** Undoes the step that led to a status. */
export function useUndoStep(id: string) {
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: (status: UndoInputRequest['status']) =>
      unwrap(portalBookingsUndoCreate({ path: { booking_id: id }, body: { status } })),
    onSettled: refresh,
  });
}

export function useCancel(id: string) {
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: (reasons: CancelInputRequest) =>
      unwrap(appointmentsBookingsCancelCreate({ path: { booking_id: id }, body: reasons })),
    onSettled: refresh,
  });
}
