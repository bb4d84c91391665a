import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Navigate } from 'react-router';
import { nearestTimesQuery } from '@/shared/alternatives/nearest-times';
import type { Doctor, Slot, VisitType } from '@/shared/api/types';
import { type Step, timesPath } from '@/shared/paths/booking-paths';
import { ErrorPage } from '@/shared/ui/error-message';
import { Loading } from '@/shared/ui/loading';
import { QueryView } from '@/shared/ui/query-view';
import { useSlotBeingHeld, useSlotHeldElsewhere } from './create-hold';
import { bookingOfSlot, slotOfPendingRequest } from './pending-request';
import { SlotTakenStep } from './slot-taken-step';
import { holdForSlot } from './stored-hold';
import { useSlotFromUrl } from './use-slot-from-url';

/** The slot, doctor and visit type to book. */
export interface PlannedBooking {
  slot: Slot;
  doctor: Doctor;
  visitType: VisitType | null;
}

interface SlotPageProps {
  step: Step;
  children: (plan: PlannedBooking) => ReactNode;
}

/** A booking step for one slot. Handles loading, a taken slot and a slot that is already booked. */
export function SlotPage({ step, children }: SlotPageProps) {
  const { t } = useLingui();
  const { slotId, doctorId, date, chosen, mustChoose, failed, retry } = useSlotFromUrl();
  const beingHeld = useSlotBeingHeld(slotId);
  // A slot that this tab holds or is booking is missing from the open slots.
  const known = chosen?.slot ?? holdForSlot(slotId)?.slot ?? beingHeld ?? slotOfPendingRequest(slotId);
  const booking = bookingOfSlot(slotId);
  const isMissing = chosen !== null && !known && !booking;
  const elsewhere = useSlotHeldElsewhere(slotId, chosen?.visitType?.id ?? null, isMissing);
  if (booking) return <Navigate replace to={`/appointments/${booking}?booked`} />;
  if (mustChoose) return <Navigate replace to={timesPath(doctorId)} />;
  if (!chosen && failed) return <ErrorPage error={failed} retry={retry} />;
  if (!chosen) return <Loading>{t`Loading your time…`}</Loading>;
  const { doctor, visitType } = chosen;
  if (elsewhere.isLoading) return <Loading>{t`Loading your time…`}</Loading>;
  const slot = known ?? elsewhere.slot;
  if (slot) return children({ slot, doctor, visitType });
  return <TimeTaken step={step} slotId={slotId} doctorId={doctor.id} date={date} visitType={visitType?.id} />;
}

interface TimeTakenProps {
  step: Step;
  slotId: string;
  doctorId: string;
  date: string;
  visitType: string | undefined;
}

function TimeTaken({ slotId, date, ...props }: TimeTakenProps) {
  const { t } = useLingui();
  const wanted = { slot: slotId, doctor: props.doctorId, date, visit_type: props.visitType };
  return (
    <QueryView page query={useQuery(nearestTimesQuery(wanted))} loading={t`Loading times…`}>
      {(alternatives) => <SlotTakenStep {...props} alternatives={alternatives} />}
    </QueryView>
  );
}
