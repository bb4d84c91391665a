import { Trans } from '@lingui/react/macro';
import { SlotTaken } from '@/shared/alternatives/slot-taken';
import type { Slot } from '@/shared/api/types';
import { bookingStepPath, type Step, timesPath } from '@/shared/paths/booking-paths';

interface SlotTakenStepProps {
  step: Step;
  doctorId: string;
  visitType: string | undefined;
  alternatives: Slot[];
  message?: string | undefined;
}

/** Shown when the slot is taken. Another slot continues with the same step. */
export function SlotTakenStep({ step, doctorId, visitType, alternatives, message }: SlotTakenStepProps) {
  return (
    <SlotTaken
      alternatives={alternatives}
      to={(slot) => bookingStepPath(step, slot, visitType)}
      allTimes={timesPath(doctorId, visitType)}
      {...(message && { message })}
      waitingListTarget={{ doctor: doctorId, visitType }}
    >
      <Trans>Your answers are saved.</Trans>
    </SlotTaken>
  );
}
