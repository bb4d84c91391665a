import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from 'react';
import type { FoundPatient } from '@/shared/api/types';
import { errorText } from '@/shared/ui/error-text';
import { foundPatientsQuery, MIN_SEARCH } from './find-patients';
import { Icon } from './icon';
import { usePatientFacts } from './patient-facts';
import { useDebounced } from './use-debounced';

const PAUSE_MS = 150;

interface PatientComboboxProps {
  label: string;
  onChoose: (patient: FoundPatient) => void;
  /** Offers to register a patient, with the text that was searched for. */
  onNew?: (text: string) => void;
  input?: RefObject<HTMLInputElement | null>;
  /** What was typed before. */
  initialText?: string;
}

/**
 * Finds a patient by name, telephone number or date of birth: a combobox as in the WAI-ARIA authoring
 * practices, with a listbox below. The first patient is chosen with Enter, others with the arrow keys.
 */
export function PatientCombobox({ label, onChoose, onNew, input, initialText = '' }: PatientComboboxProps) {
  const { t } = useLingui();
  const id = useId();
  const [text, setText] = useState(initialText);
  const [open, setOpen] = useState(initialText !== '');
  const [active, setActive] = useState(0);
  const wanted = text.trim();
  const found = useQuery(foundPatientsQuery(useDebounced(wanted, PAUSE_MS)));
  const isLong = wanted.length >= MIN_SEARCH;
  // Patients who were found by an earlier text cannot be chosen: Enter would take the wrong one.
  const isCurrent = isLong && found.data?.text === wanted;
  const patients = isCurrent ? (found.data?.results ?? []) : [];
  const count = patients.length + (isCurrent && onNew ? 1 : 0);
  const shown = open && isLong;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its first patient
  useEffect(() => setActive(0), [found.data?.text]);

  const choose = (at: number) => {
    const patient = patients[at];
    if (patient) onChoose(patient);
    else if (isCurrent) onNew?.(wanted);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const move: Record<string, number> = {
      ArrowDown: (active + 1) % Math.max(count, 1),
      ArrowUp: (active + count - 1) % Math.max(count, 1),
      ...(shown && count > 0 && event.ctrlKey ? { Home: 0, End: count - 1 } : {}),
    };
    const next = move[event.key];
    if (next !== undefined) {
      setOpen(true);
      if (shown) setActive(next);
    } else if (event.key === 'Escape' && (shown || text)) {
      if (shown) setOpen(false);
      else setText('');
    } else if (event.key === 'Enter') {
      if (shown && count > 0) choose(active);
    } else {
      return;
    }
    event.preventDefault();
  };
  const option = (at: number) => `${id}-option-${at}`;
  return (
    <div className="combobox">
      <label className="form-label" htmlFor={`${id}-input`}>
        {label}
      </label>
      <div className="combobox-field">
        <Icon name="search" />
        <input
          ref={input}
          id={`${id}-input`}
          className="form-control"
          type="text"
          role="combobox"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          aria-autocomplete="list"
          aria-expanded={shown}
          aria-controls={`${id}-list`}
          aria-activedescendant={shown && count > 0 ? option(active) : undefined}
          aria-describedby={`${id}-hint`}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setOpen(true);
          }}
          onKeyDown={onKeyDown}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
        />
        <div className="combobox-popup" hidden={!shown}>
          <div id={`${id}-list`} role="listbox" aria-label={label} className="combobox-list">
            {patients.map((patient, at) => (
              <Option key={patient.id} id={option(at)} selected={at === active} onPick={() => choose(at)}>
                <PatientLine patient={patient} />
              </Option>
            ))}
            {isCurrent && onNew && (
              <Option
                id={option(patients.length)}
                selected={active === patients.length}
                onPick={() => choose(patients.length)}
              >
                <span className="combobox-new">
                  <Icon name="plus" />
                  <Trans>Register a new patient</Trans>
                </span>
              </Option>
            )}
          </div>
          {found.isError ? (
            <p className="combobox-note field-error">{errorText(found.error)}</p>
          ) : (
            <ListNote
              loading={!isCurrent}
              none={patients.length === 0}
              more={found.data?.has_more ?? false}
            />
          )}
        </div>
      </div>
      <p id={`${id}-hint`} className="combobox-hint">
        <Trans>Two letters of a name, a phone number or a date of birth.</Trans>
      </p>
      <p role="status" className="visually-hidden">
        {shown && isCurrent
          ? t`${plural(patients.length, { one: '# patient found', other: '# patients found' })}`
          : ''}
      </p>
    </div>
  );
}

interface OptionProps {
  id: string;
  selected: boolean;
  onPick: () => void;
  children: React.ReactNode;
}

function Option({ id, selected, onPick, children }: OptionProps) {
  useEffect(() => {
    if (selected) document.getElementById(id)?.scrollIntoView?.({ block: 'nearest' });
  }, [id, selected]);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the input keeps the focus and names the active option
    // biome-ignore lint/a11y/useKeyWithClickEvents: the input handles the keys
    <div
      id={id}
      role="option"
      aria-selected={selected}
      className="combobox-option"
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPick}
    >
      {children}
    </div>
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
      <Trans>There are more. Type more letters, or the date of birth.</Trans>
    </p>
  );
}
