import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Icon } from '@/shared/staff/icon';
import { useDoctorSets } from '../shared/columns-on-device';

interface DoctorSetsProps {
  selected: string[];
  show: (doctors: string[]) => void;
}

/** The sets of doctors that were saved on this device: a click shows one. */
export function DoctorSets({ selected, show }: DoctorSetsProps) {
  const { t } = useLingui();
  const { sets, save, remove } = useDoctorSets();
  const [name, setName] = useState('');
  return (
    <section className="doctor-sets" aria-labelledby="doctor-sets">
      <h3 id="doctor-sets" className="h6">
        <Trans>Saved on this device</Trans>
      </h3>
      {sets.length > 0 && (
        <ul>
          {sets.map((set) => (
            <li key={set.name}>
              <button type="button" className="btn btn-outline-primary" onClick={() => show(set.doctors)}>
                {set.name}
              </button>
              <button
                type="button"
                className="btn btn-outline-primary calendar-step"
                aria-label={t`Delete ${set.name}`}
                onClick={() => remove(set.name)}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <form
        className="doctor-sets-new"
        onSubmit={(event) => {
          event.preventDefault();
          if (!name.trim() || selected.length === 0) return;
          save({ name: name.trim(), doctors: selected });
          setName('');
        }}
      >
        <input
          className="form-control"
          aria-label={t`Name of the set`}
          placeholder={t`Name, for example Ground floor`}
          maxLength={40}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <button type="submit" className="btn btn-outline-primary">
          <Trans>Save the chosen doctors</Trans>
        </button>
      </form>
    </section>
  );
}
