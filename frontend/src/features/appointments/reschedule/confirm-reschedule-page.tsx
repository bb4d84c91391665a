import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, Navigate, useParams, useSearchParams } from 'react-router';
import * as z from 'zod/mini';
import { nearestTimesQuery } from '@/shared/alternatives/nearest-times';
import { alternativesOf, SlotTaken } from '@/shared/alternatives/slot-taken';
import { isApiError } from '@/shared/api/api-error';
import { openSlotsQuery } from '@/shared/api/list-open-slots';
import type { Booking, Slot } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { AppointmentTime } from '@/shared/times/appointment-time';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { SummaryList, SummaryRow } from '@/shared/ui/summary-list';
import { VisitSummary } from '@/shared/visit-types/visit-summary';
import { RequireReschedulable } from './require-reschedulable';
import { useRescheduleBooking } from './reschedule-booking';
import { confirmReschedulePath, rescheduledPath, reschedulePath } from './reschedule-paths';

export function ConfirmReschedulePage() {
  const { slotId } = useParams();
  return (
    <RequireReschedulable>{(booking) => <NewTime key={slotId} booking={booking} />}</RequireReschedulable>
  );
}

/** Looks up the new time among the open times of that day. */
function NewTime({ booking }: { booking: Booking }) {
  const { t } = useLingui();
  const { slotId = '' } = useParams();
  const [params] = useSearchParams();
  const [alternatives, setAlternatives] = useState<Slot[] | null>(null);
  const date = params.get('date') ?? '';
  const doctor = params.get('doctor') ?? booking.doctor.id;
  const visitType = booking.visit_type?.id;
  const day = useQuery(
    openSlotsQuery({ doctor, from: date, to: date, visit_type: visitType, moving: booking.id }),
  );
  if (booking.slot === slotId) return <Navigate replace to={rescheduledPath(booking.id)} />;
  if (alternatives) return <NewTimeTaken booking={booking} alternatives={alternatives} />;
  return (
    <QueryView page query={day} loading={t`Loading your time…`}>
      {(open) => {
        const slot = open.find(({ id }) => id === slotId);
        if (!slot) return <NearestTimes booking={booking} slot={slotId} doctor={doctor} date={date} />;
        return <ConfirmReschedule booking={booking} slot={slot} onTaken={setAlternatives} />;
      }}
    </QueryView>
  );
}

interface NearestTimesProps {
  booking: Booking;
  slot: string;
  doctor: string;
  date: string;
}

function NearestTimes({ booking, ...wanted }: NearestTimesProps) {
  const { t } = useLingui();
  const nearest = useQuery(nearestTimesQuery({ ...wanted, moving: booking.id }));
  return (
    <QueryView page query={nearest} loading={t`Loading times…`}>
      {(alternatives) => <NewTimeTaken booking={booking} alternatives={alternatives} />}
    </QueryView>
  );
}

function NewTimeTaken({ booking, alternatives }: { booking: Booking; alternatives: Slot[] }) {
  return (
    <SlotTaken
      alternatives={alternatives}
      to={(slot) => confirmReschedulePath(booking.id, slot)}
      allTimes={reschedulePath(booking.id)}
    />
  );
}

/** Says what happens to the current time. If the clinic approves bookings, a new time is a new request. */
function CurrentTimeNote({ booking }: { booking: Booking }) {
  const clinic = useClinic();
  const visit = clinic.visit_types.find(({ id }) => id === booking.visit_type?.id);
  return (
    <p>
      {visit?.needs_approval ? (
        <Trans>
          The clinic must confirm the new time. We will email you when it has. If you change the time, you
          lose your current one.
        </Trans>
      ) : (
        <Trans>You keep your current time until you confirm the new one.</Trans>
      )}
    </p>
  );
}

interface ConfirmRescheduleProps {
  booking: Booking;
  slot: Slot;
  onTaken: (alternatives: Slot[]) => void;
}

function ConfirmReschedule({ booking, slot, onTaken }: ConfirmRescheduleProps) {
  const { t } = useLingui();
  const clinic = useClinic();
  // Only the clinic's list says how long a visit of this type takes.
  const visit = clinic.visit_types.find(({ id }) => id === booking.visit_type?.id);
  const reschedule = useRescheduleBooking(booking.id);
  const { form, submit } = useApiForm({
    schema: () => z.object({}),
    defaults: {},
    save: async () => {
      try {
        await reschedule.mutateAsync(slot.id);
      } catch (error) {
        if (!isApiError(error, 'slot_taken')) throw error;
        onTaken(alternativesOf(error));
      }
    },
  });
  return (
    <>
      <Link to={reschedulePath(booking.id)} className="back-link">
        <span aria-hidden="true" className="arrow-start" /> <Trans>Back</Trans>
      </Link>
      <form className="narrow" onSubmit={submit} noValidate>
        <PageHeading title={t`Change your appointment?`} />
        <ErrorSummary state={form.formState} />
        <SummaryList>
          <SummaryRow label={t`Current time`}>
            <AppointmentTime time={booking} />
          </SummaryRow>
          <SummaryRow label={t`New time`} change={reschedulePath(booking.id)}>
            <AppointmentTime time={slot} />
          </SummaryRow>
          {booking.visit_type && (
            <SummaryRow label={t`Type of visit`}>
              <VisitSummary visit={visit ?? booking.visit_type} />
            </SummaryRow>
          )}
          <SummaryRow label={t`Doctor`}>{slot.doctor_name ?? booking.doctor.display_name}</SummaryRow>
          <SummaryRow label={t`Patient`}>{booking.patient.name}</SummaryRow>
        </SummaryList>
        <CurrentTimeNote booking={booking} />
        <div className="actions">
          <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Changing…`}>
            <Trans>Change appointment</Trans>
          </SubmitButton>
          <Link className="btn btn-outline-primary btn-lg" to={`/appointments/${booking.id}`}>
            <Trans>Keep current time</Trans>
          </Link>
        </div>
      </form>
    </>
  );
}
