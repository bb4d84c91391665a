import { useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { Navigate } from 'react-router';
import type { Doctor, Slot, VisitType } from '@/shared/api/types';
import { type Step, timesPath } from '@/shared/paths/booking-paths';
import { ProblemPage } from '@/shared/ui/error-message';
import { Loading } from '@/shared/ui/loading';
import { useSlotBeingHeld } from './create-hold';
import { bookedAs, slotInDoubt } from './pending-request';
import { TakenStep } from './slot-taken-step';
import { holdOf } from './stored-hold';
import { useSlotFromAddress } from './use-slot-from-url';

const SHOWN_INSTEAD = 3;

/** What is about to be booked. */
export interface Plan {
  slot: Slot;
  doctor: Doctor;
  visitType: VisitType | null;
}

interface SlotPageProps {
  step: Step;
  children: (plan: Plan) => ReactNode;
}

/** A step about one slot: while it loads, when it is gone, when it already became an appointment. */
export function SlotPage({ step, children }: SlotPageProps) {
  const { t } = useLingui();
  const { slotId, doctorId, chosen, toChoose, failed, retry } = useSlotFromAddress();
  const beingHeld = useSlotBeingHeld(slotId);
  const booking = bookedAs(slotId);
  if (booking) return <Navigate replace to={`/appointments/${booking}?booked`} />;
  if (toChoose) return <Navigate replace to={timesPath(doctorId)} />;
  if (!chosen && failed) return <ProblemPage error={failed} retry={retry} />;
  if (!chosen) return <Loading>{t`Looking up your time…`}</Loading>;
  const { doctor, visitType, others } = chosen;
  // What this tab holds or is booking looks taken to everybody, and to itself.
  const slot = chosen.slot ?? holdOf(slotId)?.slot ?? beingHeld ?? slotInDoubt(slotId);
  if (slot) return children({ slot, doctor, visitType });
  const alternatives = others.slice(0, SHOWN_INSTEAD);
  return <TakenStep doctorId={doctor.id} alternatives={alternatives} step={step} visitType={visitType?.id} />;
}
