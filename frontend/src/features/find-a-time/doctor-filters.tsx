import { Trans, useLingui } from '@lingui/react/macro';
import type { FormEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { useClinic } from '@/shared/clinic/clinic-context';
import { VISIT_TYPE } from '@/shared/paths/booking-paths';
import { address } from '@/shared/paths/with-query';
import { weekdayNames } from '@/shared/times/weekdays';
import { isFiltered, searchAddress } from './doctor-search';
import type { DoctorSearch } from './list-doctors';

export function DoctorFilters({ current }: { current: DoctorSearch }) {
  const { t } = useLingui();
  const { specialties } = useClinic();
  const navigate = useNavigate();
  const search = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    navigate(searchAddress(new FormData(event.currentTarget)));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: older browsers know the role, not the element
    <form key={JSON.stringify(current)} onSubmit={search} role="search" className="filters">
      {current.visit_type && <input type="hidden" name={VISIT_TYPE} value={current.visit_type} />}
      <div className="filter-name">
        <label className="form-label" htmlFor="search">
          <Trans>Doctor’s name</Trans>
        </label>
        <input
          type="search"
          id="search"
          name="search"
          className="form-control"
          autoComplete="off"
          maxLength={100}
          defaultValue={current.search}
        />
      </div>
      <Choice
        name="specialty"
        label={t`Specialty`}
        any={t`All specialties`}
        value={current.specialty}
        options={specialties.map(({ code, name }) => [code, name])}
      />
      <Choice
        name="weekday"
        label={t`Day of the week`}
        any={t`Any day`}
        value={current.weekday}
        options={weekdayNames().map((name, number) => [String(number), name])}
      />
      <button type="submit" className="btn btn-primary">
        <Trans>Show doctors</Trans>
      </button>
      {isFiltered(current) && (
        <Link className="btn btn-link" to={address('', { [VISIT_TYPE]: current.visit_type }) || '?'}>
          <Trans>Clear search</Trans>
        </Link>
      )}
    </form>
  );
}

interface ChoiceProps {
  name: string;
  label: string;
  any: string;
  value: string | number | undefined;
  options: [value: string, label: string][];
}

function Choice({ name, label, any, value, options }: ChoiceProps) {
  return (
    <div>
      <label className="form-label" htmlFor={name}>
        {label}
      </label>
      <select id={name} name={name} className="form-select" defaultValue={value ?? ''}>
        <option value="">{any}</option>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
