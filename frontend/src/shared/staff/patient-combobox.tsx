import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type RefObject, useState } from 'react';
import type { FoundPatient } from '@/shared/api/types';
import { errorText } from '@/shared/ui/error-text';
import { Combobox, type ComboboxOption } from './combobox';
import { foundPatientsQuery, MIN_SEARCH } from './find-patients';
import { Icon } from './icon';
import { usePatientFacts } from './patient-facts';
import { useDebounced } from './use-debounced';

const PAUSE_MS = 150;

interface PatientComboboxProps {
  label: string;
  onChoose: (patient: FoundPatient) => void;
  /** Offers to register a patient. Called with the text of the search. */
  onNew?: (text: string) => void;
  input?: RefObject<HTMLInputElement | null>;
  initialText?: string;
}

/** Finds a patient by name, telephone number or date of birth. */
export function PatientCombobox({ label, onChoose, onNew, input, initialText = '' }: PatientComboboxProps) {
  const { t } = useLingui();
  const [text, setText] = useState(initialText);
  const [isOpen, setOpen] = useState(initialText !== '');
  const search = text.trim();
  const found = useQuery(foundPatientsQuery(useDebounced(search, PAUSE_MS)));
  const isLong = search.length >= MIN_SEARCH;
  // The results of an earlier search cannot be chosen: Enter would choose the wrong patient.
  const isCurrent = isLong && found.data?.text === search;
  const patients = isCurrent ? (found.data?.results ?? []) : [];
  const isShown = isOpen && isLong;
  const options: ComboboxOption[] = patients.map((patient) => ({
    key: patient.id,
    content: <PatientLine patient={patient} />,
    choose: () => onChoose(patient),
  }));
  if (isCurrent && onNew) {
    options.push({ key: 'new', content: <NewPatient />, choose: () => onNew(search) });
  }
  return (
    <>
      <Combobox
        label={label}
        text={text}
        setText={setText}
        isOpen={isShown}
        setOpen={setOpen}
        options={options}
        {...(text && { clear: () => setText('') })}
        input={input}
        hint={<Trans>Enter at least two letters of a name, a phone number or a date of birth.</Trans>}
      >
        {found.isError ? (
          <p className="combobox-note field-error">{errorText(found.error)}</p>
        ) : (
          <ListNote loading={!isCurrent} none={patients.length === 0} more={found.data?.has_more ?? false} />
        )}
      </Combobox>
      <p role="status" className="visually-hidden">
        {isShown && isCurrent
          ? t`${plural(patients.length, { one: '# patient found', other: '# patients found' })}`
          : ''}
      </p>
    </>
  );
}

function NewPatient() {
  return (
    <span className="combobox-new">
      <Icon name="plus" />
      <Trans>Register a new patient</Trans>
    </span>
  );
}

/** Name, date of birth and telephone number of a patient. */
export function PatientLine({ patient }: { patient: FoundPatient }) {
  const facts = usePatientFacts();
  return (
    <>
      <span className="combobox-name">{patient.name}</span>
      <span className="combobox-facts">{facts(patient)}</span>
    </>
  );
}

function ListNote({ loading, none, more }: { loading: boolean; none: boolean; more: boolean }) {
  if (loading) {
    return (
      <p className="combobox-note">
        <Trans>Searching…</Trans>
      </p>
    );
  }
  if (none) {
    return (
      <p className="combobox-note">
        <Trans>No patient matches.</Trans>
      </p>
    );
  }
  if (!more) return null;
  return (
    <p className="combobox-note">
      <Trans>There are more matches. Type more letters, or the date of birth.</Trans>
    </p>
  );
}
