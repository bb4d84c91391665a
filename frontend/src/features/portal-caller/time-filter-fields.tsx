import { Trans, useLingui } from '@lingui/react/macro';
import type { Choices } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { weekdays } from '@/shared/times/weekdays';
import type { TimeFilters } from './next-free';
import { Select } from './select';
import type { CallerForm } from './use-caller-form';

const SHORT = 3;

/** Doctor, specialty, place, weekdays and part of the day. */
export function TimeFilterFields({ form, choices }: { form: CallerForm; choices: Choices }) {
  const { t } = useLingui();
  const { specialties } = useClinic();
  const { filters, setFilters } = form;
  const doctors = choices.doctors.filter((doctor) => suits(doctor, filters.specialty, form));
  return (
    <div className="time-filters">
      <Select
        id="filter-doctor"
        label={t`Doctor`}
        value={filters.doctor}
        onChange={(doctor) => setFilters({ doctor })}
      >
        <option value="">{t`Any doctor`}</option>
        {doctors.map(({ id, display_name }) => (
          <option key={id} value={id}>
            {display_name}
          </option>
        ))}
      </Select>
      {specialties.length > 1 && (
        <Select
          id="filter-specialty"
          label={t`Specialty`}
          value={filters.specialty}
          onChange={(specialty) => setFilters({ specialty })}
        >
          <option value="">{t`Any specialty`}</option>
          {specialties.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </Select>
      )}
      {choices.places.length > 0 && (
        <Select
          id="filter-place"
          label={t`Place`}
          value={filters.place}
          onChange={(place) => setFilters({ place })}
        >
          <option value="">{t`Any place`}</option>
          <option value="main">{t`Main address`}</option>
          {choices.places.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
      <Select
        id="filter-part"
        label={t`Part of the day`}
        value={filters.part_of_day}
        onChange={(part) => setFilters({ part_of_day: part as TimeFilters['part_of_day'] })}
      >
        <option value="">{t`Any time`}</option>
        <option value="morning">{t`Morning`}</option>
        <option value="afternoon">{t`Afternoon`}</option>
        <option value="evening">{t`Evening`}</option>
      </Select>
      <div>
        <label className="form-label" htmlFor="filter-from">
          <Trans>From</Trans>
        </label>
        <input
          id="filter-from"
          type="date"
          className="form-control"
          value={filters.from ?? ''}
          onChange={(event) => setFilters({ from: event.target.value })}
        />
      </div>
      <WeekdayFilter form={form} />
    </div>
  );
}

const suits = (
  { id, specialties }: Choices['doctors'][number],
  specialty: string | undefined,
  { visitType }: CallerForm,
) =>
  (!specialty || specialties.includes(specialty)) &&
  (!visitType ||
    ((visitType.doctors.length === 0 || visitType.doctors.includes(id)) &&
      !visitType.paused_by.includes(id)));

function WeekdayFilter({ form: { filters, setFilters } }: { form: CallerForm }) {
  const { t } = useLingui();
  const chosen = new Set((filters.weekday ?? '').split(',').filter(Boolean));
  const toggle = (day: string) => {
    const days = new Set(chosen);
    if (!days.delete(day)) days.add(day);
    setFilters({ weekday: [...days].sort().join(',') });
  };
  return (
    <fieldset className="weekday-filter">
      <legend className="form-label">{t`Weekdays`}</legend>
      <div>
        {weekdays().map(({ number, name }) => (
          <label key={number} className="weekday">
            <input
              type="checkbox"
              checked={chosen.has(String(number))}
              onChange={() => toggle(String(number))}
            />
            <span aria-hidden="true">{name.slice(0, SHORT)}</span>
            <span className="visually-hidden">{name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
