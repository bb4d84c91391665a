import { useLingui } from '@lingui/react/macro';
import type { Doctor, Slot } from '@/shared/api/types';
import { Where } from '@/shared/clinic/where';
import { When } from '@/shared/times/when';
import { SummaryRow } from '@/shared/ui/summary-list';
import { specialtyNames } from '@/shared/ui/words';

/** With whom, when and where. */
export function SlotRows({ slot, doctor }: { slot: Slot; doctor: Doctor }) {
  const { t } = useLingui();
  return (
    <>
      <SummaryRow label={t`With`} change="/doctors">
        <strong>{doctor.display_name}</strong>
        <span className="d-block">{specialtyNames(doctor.specialties)}</span>
      </SummaryRow>
      <SummaryRow label={t`When`} change={`/doctors/${doctor.id}?from=${slot.local_date}&slot=${slot.id}`}>
        <When moment={slot} />
      </SummaryRow>
      <SummaryRow label={t`Where`}>
        <Where />
      </SummaryRow>
    </>
  );
}
