import { useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { Navigate } from 'react-router';
import type { Doctor, Slot } from '@/shared/api/types';
import { Loading } from '@/shared/ui/loading';
import { ProblemPage } from '@/shared/ui/problem';
import { bookedAs, slotInDoubt } from './attempt';
import { Taken } from './taken';
import { useSlotFromAddress } from './use-slot';

const SHOWN_INSTEAD = 3;

interface SlotPageProps {
  step: 'details' | 'check';
  children: (slot: Slot, doctor: Doctor) => ReactNode;
}

/** A step about one slot: while it loads, when it is gone, when it already became an appointment. */
export function SlotPage({ step, children }: SlotPageProps) {
  const { t } = useLingui();
  const { slotId, chosen, failed, retry } = useSlotFromAddress();
  const booking = bookedAs(slotId);
  if (booking) return <Navigate replace to={`/appointments/${booking}?booked`} />;
  if (!chosen && failed) return <ProblemPage error={failed} retry={retry} />;
  if (!chosen) return <Loading>{t`Looking up your time…`}</Loading>;
  const { doctor, others } = chosen;
  const slot = chosen.slot ?? slotInDoubt(slotId);
  if (slot) return children(slot, doctor);
  const alternatives = others.slice(0, SHOWN_INSTEAD);
  return <Taken doctorId={doctor.id} alternatives={alternatives} step={step} />;
}
