import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useMemo } from 'react';
import type { Booking } from '@/shared/api/types';
import { errorText } from '@/shared/ui/error-text';
import { StatusMessage } from '@/shared/ui/status-message';
import { useCheckInOnline } from './check-in-online';

interface CheckInProps {
  booking: Booking;
  large?: boolean;
  /** Text above the button, which is then in a box. */
  children?: ReactNode;
}

/** The button with which a patient says that they have arrived, and the confirmation. */
export function CheckIn({ booking, large = false, children }: CheckInProps) {
  const { t } = useLingui();
  const checkIn = useCheckInOnline(booking.id);
  const done = t`You are checked in. The clinic knows that you are here.`;
  const status = useMemo(() => ({ text: done }), [done]);
  if (booking.status === 'CHECKED_IN') {
    return checkIn.isSuccess ? <StatusMessage status={status} /> : <p className="fw-semibold">{done}</p>;
  }
  if (!booking.can_check_in) return null;
  return (
    <div className={children ? 'notice d-print-none' : undefined}>
      {children}
      <button
        type="button"
        className={large ? 'btn btn-primary btn-lg' : 'btn btn-primary'}
        aria-busy={checkIn.isPending || undefined}
        onClick={() => checkIn.isPending || checkIn.mutate()}
      >
        <span aria-live="polite">
          {checkIn.isPending ? <Trans>Checking in…</Trans> : <Trans>I am here</Trans>}
        </span>
      </button>
      {checkIn.isError && (
        <p role="alert" className="field-error mb-0">
          {errorText(checkIn.error)}
        </p>
      )}
    </div>
  );
}
