import { useLingui } from '@lingui/react/macro';
import type { BookingPanel as Booking } from '@/gen';

type Name = Booking['actions'][number]['name'];

/** Returns the label of each action. */
export function useActionLabels(): Record<Name, string> {
  const { t } = useLingui();
  return {
    confirm: t`Confirm`,
    check_in: t`Arrived`,
    start: t`Start visit`,
    complete: t`Complete visit`,
    no_show: t`Mark as no-show`,
    undo: t`Undo the last step`,
    cancel: t`Cancel appointment`,
    move: t`Move`,
  };
}
