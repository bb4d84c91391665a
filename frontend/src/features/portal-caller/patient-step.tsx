import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef, useState } from 'react';
import { Icon } from '@/shared/staff/icon';
import { PatientCombobox } from '@/shared/staff/patient-combobox';
import { usePatientFacts } from '@/shared/staff/patient-facts';
import { NewPatientForm } from './new-patient-form';
import type { CallerForm } from './use-caller-form';

/** Finds or registers the patient, and then shows the chosen one. */
export function PatientStep({ form, autoFocus }: { form: CallerForm; autoFocus: boolean }) {
  const { t } = useLingui();
  const [newText, setNewText] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const [isChanging, setChanging] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const focuses = useRef(autoFocus);
  const { patient } = form;
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the field appears
  useEffect(() => {
    // After the heading, which takes the focus on navigation: the desk begins to type at once.
    const timer = setTimeout(() => (focuses.current || isChanging) && input.current?.focus(), 0);
    return () => clearTimeout(timer);
  }, [patient, newText]);
  return (
    <section className="portal-card" aria-labelledby="patient-heading">
      <h2 id="patient-heading" className="h5">
        <Trans>Patient</Trans>
      </h2>
      <div id="patient" tabIndex={-1}>
        {patient ? (
          <ChosenPatient
            form={form}
            onChange={() => {
              setChanging(true);
              form.setPatient(null);
            }}
          />
        ) : newText === null ? (
          <PatientCombobox
            input={input}
            label={t`Find the patient`}
            initialText={typed}
            onChoose={form.setPatient}
            onNew={(text) => {
              setTyped(text);
              setNewText(text);
            }}
          />
        ) : (
          <NewPatientForm
            text={newText}
            onDone={(registered) => {
              setNewText(null);
              form.setPatient(registered);
            }}
            onCancel={() => setNewText(null)}
          />
        )}
      </div>
    </section>
  );
}

function ChosenPatient({ form, onChange }: { form: CallerForm; onChange: () => void }) {
  const facts = usePatientFacts();
  if (!form.patient) return null;
  return (
    <div className="chosen-patient">
      <Icon name="person" />
      <p>
        <strong>{form.patient.name}</strong>
        <span>{facts(form.patient)}</span>
      </p>
      <button type="button" className="btn btn-outline-primary" onClick={onChange}>
        <Trans>
          Change<span className="visually-hidden"> patient</span>
        </Trans>
      </button>
    </div>
  );
}
