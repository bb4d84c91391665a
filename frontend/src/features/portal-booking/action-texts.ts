import { useLingui } from '@lingui/react/macro';
import type { BookingPanel as Booking } from '@/gen';

type Name = Booking['actions'][number]['name'];

/** Returns the label of each action, and what is said when it was done. */
export function useActionTexts(): Record<Name, { button: string; done: string }> {
  const { t } = useLingui();
  return {
    confirm: { button: t`Confirm`, done: t`confirmed.` },
    check_in: { button: t`Arrived`, done: t`arrived.` },
    start: { button: t`Start visit`, done: t`visit started.` },
    complete: { button: t`Complete visit`, done: t`visit completed.` },
    no_show: { button: t`Did not come`, done: t`marked as not come.` },
    undo: { button: t`Undo the last step`, done: t`undone.` },
    cancel: { button: t`Cancel appointment`, done: t`appointment cancelled.` },
    move: { button: t`Move`, done: t`moved.` },
  };
}
