import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useParams } from 'react-router';
import * as z from 'zod/mini';
import type { Booking } from '@/shared/api/types';
import { bookingQuery } from '@/shared/bookings/get-booking';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { TextArea } from '@/shared/forms/field';
import { optional } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { AppointmentTime } from '@/shared/times/appointment-time';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { SummaryList, SummaryRow } from '@/shared/ui/summary-list';
import { useCancelBooking } from './cancel-booking';
import { CancellationPolicy } from './cancellation-policy';

export function CancelPage() {
  const { t } = useLingui();
  const { id = '' } = useParams();
  return (
    <div className="narrow">
      <QueryView page query={useQuery(bookingQuery(id))} loading={t`Loading your appointment…`}>
        {(booking) => <CancelIfAllowed booking={booking} />}
      </QueryView>
    </div>
  );
}

function CancelIfAllowed({ booking }: { booking: Booking }) {
  if (booking.status === 'CANCELLED') return <Navigate replace to={`/appointments/${booking.id}`} />;
  return booking.can_cancel ? <Cancel booking={booking} /> : <TooLate booking={booking} />;
}

function Cancel({ booking }: { booking: Booking }) {
  const { t } = useLingui();
  const cancel = useCancelBooking(booking.id);
  const { form, submit } = useApiForm({
    schema: () => z.object({ reason: optional() }),
    defaults: { reason: '' },
    save: ({ reason }) => cancel.mutateAsync(reason),
  });
  return (
    <form onSubmit={submit} noValidate>
      <PageHeading title={t`Cancel this appointment?`} />
      <ErrorSummary state={form.formState} />
      <SummaryList>
        <SummaryRow label={t`When`}>
          <AppointmentTime time={booking} />
        </SummaryRow>
        <SummaryRow label={t`Doctor`}>{booking.doctor.display_name}</SummaryRow>
        <SummaryRow label={t`Patient`}>{booking.patient.name}</SummaryRow>
      </SummaryList>
      <p>
        <CancellationPolicy /> <Trans>If you cancel, someone else can book this time.</Trans>
      </p>
      <TextArea form={form} name="reason" label={t`Why are you cancelling?`} optional rows={3} />
      <div className="actions">
        <SubmitButton danger busy={form.formState.isSubmitting} busyLabel={t`Cancelling…`}>
          <Trans>Cancel appointment</Trans>
        </SubmitButton>
        <Link className="btn btn-outline-primary btn-lg" to={`/appointments/${booking.id}`}>
          <Trans>Keep appointment</Trans>
        </Link>
      </div>
    </form>
  );
}

function TooLate({ booking }: { booking: Booking }) {
  const { t } = useLingui();
  return (
    <>
      <PageHeading title={t`You cannot cancel this appointment online`} />
      <p>
        <CancellationPolicy />
      </p>
      <CallTheClinic />
      <p className="mt-3">
        <Link to={`/appointments/${booking.id}`}>
          <Trans>Back to the appointment</Trans>
        </Link>
      </p>
    </>
  );
}
