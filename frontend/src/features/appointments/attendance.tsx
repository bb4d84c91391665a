import { Trans, useLingui } from '@lingui/react/macro';
import { useMemo } from 'react';
import type { Booking } from '@/shared/api/types';
import { errorText } from '@/shared/ui/error-text';
import { StatusMessage } from '@/shared/ui/status-message';
import { useConfirmAttendance } from './confirm-attendance';

/** Lets the patient tell the clinic that they will come, and shows that they have. */
export function Attendance({ booking }: { booking: Booking }) {
  const { t } = useLingui();
  const confirm = useConfirmAttendance(booking.id);
  const known = t`You have confirmed that you will come.`;
  const status = useMemo(() => ({ text: known }), [known]);
  if (booking.status !== 'CONFIRMED' || Date.parse(booking.starts_at) <= Date.now()) return null;
  if (booking.attendance_confirmed_at) {
    return confirm.isSuccess ? <StatusMessage status={status} /> : <p>{known}</p>;
  }
  return (
    <div className="d-print-none">
      <p>
        <Trans>Confirm that you will come, so that the clinic can plan the day.</Trans>
      </p>
      <button type="button" className="btn btn-outline-primary" onClick={() => confirm.mutate()}>
        <Trans>I will come</Trans>
      </button>
      {confirm.isError && (
        <p role="alert" className="field-error mb-0">
          {errorText(confirm.error)}
        </p>
      )}
    </div>
  );
}
