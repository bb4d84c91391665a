import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { PatientCombobox } from '@/shared/staff/patient-combobox';

/** A search for the record that is merged into the patient's. */
export function ChooseOther({ patient }: { patient: string }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [isSame, setSame] = useState(false);
  return (
    <section aria-labelledby="merge-choose">
      <h2 id="merge-choose">
        <Trans>Which record is the other one?</Trans>
      </h2>
      <PatientCombobox
        label={t`Find the other record`}
        onChoose={(other) => {
          setSame(other.id === patient);
          if (other.id !== patient) navigate(`/portal/patients/${patient}/merge?other=${other.id}`);
        }}
      />
      <p role="status">{isSame && <Trans>This is the record itself. Choose another one.</Trans>}</p>
    </section>
  );
}
