import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import * as z from 'zod/mini';
import type { BookingPanel as Booking } from '@/gen';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { useAnnounce } from '@/shared/staff/announcements';
import { useCancelBooking } from '@/shared/staff/booking-steps';
import { fullDateTime } from '@/shared/times/format';
import { ReasonFields, reasonRules, reasonsOf } from './reason-fields';

interface CancelDialogProps {
  booking: Booking;
  close: () => void;
}

/** Cancels or declines a booking, with a reason for the patient or for staff only. */
export function CancelDialog({ booking, close }: CancelDialogProps) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const cancel = useCancelBooking(booking);
  const declines = booking.status === 'PENDING';
  const { form, submit } = useApiForm({
    schema: () => reasonRules(z.object({ reason: z.string(), readers: z.string() })),
    defaults: { reason: '', readers: '' },
    save: async (values) => {
      await cancel.mutateAsync(reasonsOf(values));
      close();
      announce({ text: t`${booking.patient.name}: appointment cancelled. We will tell the patient.` });
    },
  });
  return (
    <Dialog close={close} title={declines ? t`Decline this request?` : t`Cancel this appointment?`}>
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <p>
          {booking.patient.name}, {fullDateTime(booking)}, {booking.tz_label}
        </p>
        <ReasonFields form={form} />
        <div className="actions">
          <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Cancelling…`}>
            {declines ? <Trans>Decline request</Trans> : <Trans>Cancel appointment</Trans>}
          </SubmitButton>
          <button type="button" className="btn btn-outline-primary btn-lg" onClick={close}>
            <Trans>Keep appointment</Trans>
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface DialogProps {
  title: string;
  close: () => void;
  children: ReactNode;
}

/** A modal dialog. When it closes, the browser returns the focus to the button that opened it. */
export function Dialog({ title, close, children }: DialogProps) {
  const id = useId();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog ref={box} className="dialog booking-dialog" aria-labelledby={id} onClose={close}>
      <h2 id={id} className="h4">
        {title}
      </h2>
      {children}
    </dialog>
  );
}
