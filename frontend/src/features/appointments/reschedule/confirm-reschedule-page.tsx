import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, Navigate, useParams, useSearchParams } from 'react-router';
import * as z from 'zod/mini';
import { isApiError } from '@/shared/api/api-error';
import { openSlotsQuery } from '@/shared/api/list-open-slots';
import type { Booking, Slot } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { alternativesOf, Taken } from '@/shared/time-picker/slot-taken';
import { When } from '@/shared/times/appointment-time';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { SummaryList, SummaryRow } from '@/shared/ui/summary-list';
import { Movable } from './require-reschedulable';
import { useMoveBooking } from './reschedule-booking';
import { confirmMovePath, movedPath, movePath } from './reschedule-paths';

const SHOWN_INSTEAD = 3;

export function ConfirmMovePage() {
  const { slotId } = useParams();
  return <Movable>{(booking) => <NewTime key={slotId} booking={booking} />}</Movable>;
}

/** Finds the new time among those open that day. */
function NewTime({ booking }: { booking: Booking }) {
  const { t } = useLingui();
  const { slotId = '' } = useParams();
  const [params] = useSearchParams();
  const [instead, setInstead] = useState<Slot[] | null>(null);
  const date = params.get('date') ?? '';
  const doctor = params.get('doctor') ?? booking.doctor.id;
  const day = useQuery(openSlotsQuery({ doctor, from: date, to: date, visit_type: booking.visit_type?.id }));
  if (booking.slot === slotId) return <Navigate replace to={movedPath(booking.id)} />;
  const taken = (alternatives: Slot[]) => (
    <Taken
      alternatives={alternatives}
      to={(slot) => confirmMovePath(booking.id, slot)}
      allTimes={movePath(booking.id)}
    />
  );
  if (instead) return taken(instead);
  return (
    <QueryView page query={day} loading={t`Looking up your time…`}>
      {(open) => {
        const slot = open.find(({ id }) => id === slotId);
        if (!slot) return taken(open.slice(0, SHOWN_INSTEAD));
        return <ConfirmMove booking={booking} slot={slot} taken={setInstead} />;
      }}
    </QueryView>
  );
}

/** Of the time somebody has now: where the clinic confirms each booking, moving is asking anew. */
function WhatBecomes({ booking }: { booking: Booking }) {
  const clinic = useClinic();
  const visit = clinic.visit_types.find(({ id }) => id === booking.visit_type?.id);
  return (
    <p>
      {visit?.needs_approval ? (
        <Trans>
          The clinic has to confirm the new time, and we write to you when it has. When you move, you give up
          the time you have now.
        </Trans>
      ) : (
        <Trans>The time you have now stays yours until the new one is confirmed.</Trans>
      )}
    </p>
  );
}

interface ConfirmMoveProps {
  booking: Booking;
  slot: Slot;
  taken: (alternatives: Slot[]) => void;
}

function ConfirmMove({ booking, slot, taken }: ConfirmMoveProps) {
  const { t } = useLingui();
  const move = useMoveBooking(booking.id);
  const { form, submit } = useApiForm({
    schema: () => z.object({}),
    defaults: {},
    save: async () => {
      try {
        await move.mutateAsync(slot.id);
      } catch (error) {
        if (!isApiError(error, 'slot_taken')) throw error;
        taken(alternativesOf(error));
      }
    },
  });
  return (
    <form className="narrow" onSubmit={submit} noValidate>
      <PageHeading title={t`Move your appointment?`} />
      <ErrorSummary state={form.formState} />
      <SummaryList>
        <SummaryRow label={t`Now`}>
          <When moment={booking} />
        </SummaryRow>
        <SummaryRow label={t`New time`} change={movePath(booking.id)}>
          <When moment={slot} />
        </SummaryRow>
        <SummaryRow label={t`With`}>{slot.doctor_name ?? booking.doctor.display_name}</SummaryRow>
        <SummaryRow label={t`For`}>{booking.patient.name}</SummaryRow>
      </SummaryList>
      <WhatBecomes booking={booking} />
      <div className="actions">
        <SubmitButton busy={form.formState.isSubmitting} working={t`Moving…`}>
          <Trans>Move appointment</Trans>
        </SubmitButton>
        <Link className="btn btn-outline-primary btn-lg" to={`/appointments/${booking.id}`}>
          <Trans>Keep the time I have</Trans>
        </Link>
      </div>
    </form>
  );
}
