import { Trans, useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, useId, useState } from 'react';
import type { CalendarDoctor } from '@/gen';
import { matches } from '../shared/list-doctors';

interface DoctorComboboxProps {
  doctors: CalendarDoctor[];
  /** The only doctor whose calendar is shown. */
  shown: CalendarDoctor | undefined;
  choose: (id: string) => void;
}

const MOST_SHOWN = 50;

/** Finds one of hundreds of doctors by a few letters of the name or specialty. */
export function DoctorCombobox({ doctors, shown, choose }: DoctorComboboxProps) {
  const { t } = useLingui();
  const id = useId();
  const [search, setSearch] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const isOpen = search !== null;
  const found = isOpen ? doctors.filter((doctor) => matches(doctor, search)).slice(0, MOST_SHOWN) : [];
  const close = () => setSearch(null);
  const take = (doctor: CalendarDoctor | undefined) => {
    if (!doctor) return;
    choose(doctor.id);
    close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!isOpen) setSearch('');
      else setActive(Math.min(Math.max(active + (event.key === 'ArrowDown' ? 1 : -1), 0), found.length - 1));
    } else if (event.key === 'Enter' && isOpen) {
      event.preventDefault();
      take(found[active]);
    } else if (event.key === 'Escape' && isOpen) {
      event.preventDefault();
      close();
    }
  };
  return (
    <div className="doctor-combobox">
      <input
        role="combobox"
        className="form-control"
        aria-label={t`Switch to a doctor`}
        placeholder={t`Switch to a doctor`}
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && found[active] ? `${id}-${active}` : undefined}
        autoComplete="off"
        value={search ?? shown?.display_name ?? ''}
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setSearch(event.target.value);
          setActive(0);
        }}
        onClick={() => setSearch(search ?? '')}
        onBlur={close}
        onKeyDown={onKeyDown}
      />
      {isOpen && (
        <div id={`${id}-list`} role="listbox" aria-label={t`Doctors`} className="doctor-options">
          {found.map((doctor, number) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the combobox
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the combobox
            <div
              key={doctor.id}
              id={`${id}-${number}`}
              role="option"
              aria-selected={number === active}
              className="doctor-option"
              ref={number === active ? (node) => node?.scrollIntoView?.({ block: 'nearest' }) : undefined}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(doctor)}
            >
              {doctor.display_name}
              <span className="doctor-option-detail">
                {doctor.specialties.map(({ name }) => name).join(', ')}
              </span>
            </div>
          ))}
          {found.length === 0 && (
            <p className="doctor-options-empty">
              <Trans>No doctor matches.</Trans>
            </p>
          )}
        </div>
      )}
    </div>
  );
}
