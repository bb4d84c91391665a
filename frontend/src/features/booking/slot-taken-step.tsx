import type { Slot } from '@/shared/api/types';
import { type Step, stepPath, timesPath } from '@/shared/paths/booking-paths';
import { Taken } from '@/shared/time-picker/slot-taken';

interface TakenStepProps {
  step: Step;
  doctorId: string;
  visitType: string | undefined;
  alternatives: Slot[];
}

/** A step whose time is gone: another one goes on with the same step. */
export function TakenStep({ step, doctorId, visitType, alternatives }: TakenStepProps) {
  return (
    <Taken
      alternatives={alternatives}
      to={(slot) => stepPath(step, slot, visitType)}
      allTimes={timesPath(doctorId, visitType)}
      wanted={{ doctor: doctorId, visitType }}
    />
  );
}
