import { alternativesOf } from '@/shared/alternatives/slot-taken';
import type { ApiError } from '@/shared/api/api-error';
import type { Step } from '@/shared/paths/booking-paths';
import type { PlannedBooking } from './slot-page';
import { SlotTakenStep } from './slot-taken-step';

interface SlotRefusedProps {
  step: Step;
  plan: PlannedBooking;
  /** Has the nearest times. */
  error: ApiError;
}

/** Shown when the server has refused the slot. */
export function SlotRefused({ step, plan: { doctor, visitType }, error }: SlotRefusedProps) {
  return (
    <SlotTakenStep
      step={step}
      doctorId={doctor.id}
      visitType={visitType?.id}
      alternatives={alternativesOf(error)}
      message={error.code === 'time_withdrawn' ? error.message : undefined}
    />
  );
}
