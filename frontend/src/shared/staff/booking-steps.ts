import { useLingui } from '@lingui/react/macro';
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
import { useRefreshPortal } from './portal-data';

const REQUESTS = {
  confirm: appointmentsBookingsConfirmCreate,
  check_in: appointmentsBookingsCheckInCreate,
  start: portalBookingsStartCreate,
  complete: appointmentsBookingsCompleteCreate,
  no_show: appointmentsBookingsNoShowCreate,
};

export type StepName = keyof typeof REQUESTS;

/** The statuses whose last step can be undone. */
export type UndoableStatus = UndoInputRequest['status'];

/** How long an announcement offers to undo a step. */
export const UNDO_SECONDS = 12;

/**
 * Takes a step with a booking. Refused if the booking was moved since `version`, which the user has seen. Repeating
 * one's own last step, whose answer was lost, has no further effect.
 */
export const takeStep = (id: string, step: StepName, version: number) =>
  unwrap(REQUESTS[step]({ path: { booking_id: id }, body: { version } }));

/** Undoes the step that has set `status`. */
export const undoStep = (id: string, status: UndoableStatus) =>
  unwrap(portalBookingsUndoCreate({ path: { booking_id: id }, body: { status } }));

/** Cancels or declines a booking as `takeStep`. Refetches the portal's data, also if the request was refused. */
export function useCancelBooking({ id, version }: { id: string; version: number }) {
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: (reasons: CancelInputRequest) =>
      unwrap(appointmentsBookingsCancelCreate({ path: { booking_id: id }, body: { ...reasons, version } })),
    onSettled: refresh,
  });
}

/** Returns a function that says which step was taken, with the patient's name. */
export function useStepText(): (step: StepName, name: string) => string {
  const { t } = useLingui();
  return (step, name) => {
    const texts: Record<StepName, string> = {
      confirm: t`Appointment of ${name} confirmed`,
      check_in: t`${name} has arrived`,
      start: t`Visit of ${name} started`,
      complete: t`Visit of ${name} completed`,
      no_show: t`${name} is marked as a no-show`,
    };
    return texts[step];
  };
}
