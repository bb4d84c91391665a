import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { CalendarDoctor } from '@/gen';
import { Combobox } from '@/shared/staff/combobox';
import { matches } from '../shared/list-doctors';

interface DoctorComboboxProps {
  doctors: CalendarDoctor[];
  /** The doctor whose calendar is shown; undefined if there are several. */
  shown: CalendarDoctor | undefined;
  choose: (id: string) => void;
}

const MOST_SHOWN = 50;

/** Finds one of hundreds of doctors by a few letters of the name or specialty. */
export function DoctorCombobox({ doctors, shown, choose }: DoctorComboboxProps) {
  const { t } = useLingui();
  /** Null while the list is closed. */
  const [search, setSearch] = useState<string | null>(null);
  const found = search === null ? [] : doctors.filter((doctor) => matches(doctor, search));
  const options = found.slice(0, MOST_SHOWN).map((doctor) => ({
    key: doctor.id,
    content: (
      <>
        <span className="combobox-name">{doctor.display_name}</span>
        <span className="combobox-facts">{doctor.specialties.map(({ name }) => name).join(', ')}</span>
      </>
    ),
    choose: () => {
      choose(doctor.id);
      setSearch(null);
    },
  }));
  return (
    <div className="doctor-combobox">
      <Combobox
        isCompact
        label={t`Switch to a doctor`}
        text={search ?? shown?.display_name ?? ''}
        setText={setSearch}
        isOpen={search !== null}
        setOpen={(isOpen) => setSearch((before) => (isOpen ? (before ?? '') : null))}
        options={options}
        onFocus={(event) => event.target.select()}
      >
        {found.length === 0 && (
          <p className="combobox-note">
            <Trans>No doctor matches.</Trans>
          </p>
        )}
      </Combobox>
    </div>
  );
}
