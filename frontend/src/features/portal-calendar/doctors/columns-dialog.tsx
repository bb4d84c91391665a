import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef, useState } from 'react';
import type { CalendarDoctor, CalendarDoctors } from '@/gen';
import { Choice } from '@/shared/forms/choice';
import type { View } from '../shared/calendar-url';
import { MAX_COLUMNS } from '../shared/columns-on-device';
import { matches } from '../shared/list-doctors';
import { DoctorSets } from './doctor-sets';

export interface DoctorChoiceProps {
  all: CalendarDoctors;
  chosen: string[];
  choose: (doctors: string[]) => void;
  view: View;
}

const MAIN = 'main';

/** Chooses the columns: up to eight doctors, filtered by place, specialty and name, or a saved set. */
export function ColumnsDialog({
  all,
  chosen,
  choose,
  view,
  close,
}: DoctorChoiceProps & { close: () => void }) {
  const { t } = useLingui();
  const box = useRef<HTMLDialogElement>(null);
  const [selected, setSelected] = useState(chosen);
  const [filters, setFilters] = useState({ search: '', place: '', specialty: '' });
  useEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  const most = view === 'week' ? 1 : MAX_COLUMNS;
  const found = all.doctors.filter((doctor) => suits(doctor, filters));
  const show = (ids: string[]) => {
    if (ids.length > 0) choose(inListOrder(all.doctors, ids).slice(0, most));
    box.current?.close();
  };
  const toggle = (id: string) =>
    setSelected((before) => (before.includes(id) ? before.filter((each) => each !== id) : [...before, id]));
  const filter = (name: keyof typeof filters) => (event: { target: { value: string } }) =>
    setFilters({ ...filters, [name]: event.target.value });
  return (
    <dialog ref={box} className="dialog columns-dialog" aria-labelledby="choose-columns" onClose={close}>
      <h2 id="choose-columns" className="h4">
        <Trans>Doctors in the calendar</Trans>
      </h2>
      <div className="columns-filters">
        <input
          type="search"
          className="form-control"
          aria-label={t`Name or specialty`}
          placeholder={t`Name or specialty`}
          value={filters.search}
          onChange={filter('search')}
        />
        {all.places.length > 0 && (
          <select
            className="form-select"
            aria-label={t`Place`}
            value={filters.place}
            onChange={filter('place')}
          >
            <option value="">{t`All places`}</option>
            <option value={MAIN}>{t`Main address`}</option>
            {all.places.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
        <select
          className="form-select"
          aria-label={t`Specialty`}
          value={filters.specialty}
          onChange={filter('specialty')}
        >
          <option value="">{t`All specialties`}</option>
          {specialtiesOf(all.doctors).map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <p className="columns-count" role="status">
        <Plural value={selected.length} one="# doctor chosen" other="# doctors chosen" />{' '}
        {selected.length > most && <Trans>The first {most} are shown.</Trans>}
      </p>
      <fieldset className="columns-list">
        <legend className="visually-hidden">
          <Trans>Doctors</Trans>
        </legend>
        {found.map((doctor) => (
          <Choice
            key={doctor.id}
            type="checkbox"
            id={`column-choice-${doctor.id}`}
            checked={selected.includes(doctor.id)}
            onChange={() => toggle(doctor.id)}
          >
            {doctor.display_name}
            <span className="doctor-option-detail">
              {doctor.specialties.map(({ name }) => name).join(', ')}
            </span>
          </Choice>
        ))}
        {found.length === 0 && <Trans>No doctor matches.</Trans>}
      </fieldset>
      <div className="columns-actions">
        <button type="button" className="btn btn-primary" onClick={() => show(selected)}>
          <Trans>Show</Trans>
        </button>
        <button
          type="button"
          className="btn btn-outline-primary"
          onClick={() => show(found.map(({ id }) => id))}
        >
          <Plural value={Math.min(found.length, most)} one="Show the first" other="Show the first #" />
        </button>
        <button type="button" className="btn btn-outline-primary" onClick={() => setSelected([])}>
          <Trans>Clear</Trans>
        </button>
        <button type="button" className="btn btn-outline-primary" onClick={() => box.current?.close()}>
          <Trans>Cancel</Trans>
        </button>
      </div>
      <DoctorSets selected={selected} show={show} />
    </dialog>
  );
}

function suits(
  doctor: CalendarDoctor,
  filters: { search: string; place: string; specialty: string },
): boolean {
  const { search, place, specialty } = filters;
  const isThere = place === MAIN ? doctor.main_address : !place || doctor.places.includes(place);
  const hasIt = !specialty || doctor.specialties.some(({ code }) => code === specialty);
  return isThere && hasIt && matches(doctor, search);
}

const inListOrder = (doctors: CalendarDoctor[], ids: string[]) =>
  doctors.map(({ id }) => id).filter((id) => ids.includes(id));

function specialtiesOf(doctors: CalendarDoctor[]): [string, string][] {
  const names = new Map(
    doctors.flatMap(({ specialties }) => specialties.map(({ code, name }) => [code, name])),
  );
  return [...names].sort(([, a], [, b]) => a.localeCompare(b));
}
