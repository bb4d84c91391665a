import { useLingui } from '@lingui/react/macro';
import type { Place } from '@/shared/api/types';
import { VisitLocation } from '@/shared/clinic/visit-location';
import { timesPath, VISIT_TYPE } from '@/shared/paths/booking-paths';
import { withQuery } from '@/shared/paths/with-query';
import { AppointmentTime } from '@/shared/times/appointment-time';
import { specialtyNames } from '@/shared/ui/labels';
import { SummaryRow } from '@/shared/ui/summary-list';
import { useVisitType } from '@/shared/visit-types/use-visit-type';
import { VisitSummary } from '@/shared/visit-types/visit-summary';
import type { PlannedBooking } from './slot-page';

interface SlotRowsProps {
  plan: PlannedBooking;
  /** The place of the appointment, once it is loaded. */
  place?: Place | null;
}

/** Visit type, doctor, time and place. */
export function SlotRows({ plan: { slot, doctor, visitType }, place }: SlotRowsProps) {
  const { t } = useLingui();
  const { types } = useVisitType(doctor.id);
  const elsewhere = slot.place !== null && !place;
  return (
    <>
      {visitType && (
        <SummaryRow label={t`Type of visit`} change={types.length > 1 ? timesPath(doctor.id) : undefined}>
          <VisitSummary visit={visitType} />
        </SummaryRow>
      )}
      <SummaryRow label={t`Doctor`} change={withQuery('/doctors', { [VISIT_TYPE]: visitType?.id })}>
        <strong>{doctor.display_name}</strong>
        <span className="d-block">{specialtyNames(doctor.specialties)}</span>
      </SummaryRow>
      <SummaryRow label={t`When`} change={timesPath(doctor.id, visitType?.id, slot)}>
        <AppointmentTime time={slot} />
      </SummaryRow>
      <SummaryRow label={t`Where`}>
        <VisitLocation visit={visitType} place={place} isOtherPlace={elsewhere} />
      </SummaryRow>
    </>
  );
}
