import { Trans, useLingui } from '@lingui/react/macro';
import type { FormEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { useClinic } from '@/shared/clinic/clinic-context';
import { VISIT_TYPE } from '@/shared/paths/booking-paths';
import { withQuery } from '@/shared/paths/with-query';
import { weekdays } from '@/shared/times/weekdays';
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
    // biome-ignore lint/a11y/useSemanticElements: older browsers do not support the search element
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
      <FilterSelect
        name="specialty"
        label={t`Specialty`}
        allLabel={t`Any`}
        value={current.specialty}
        options={specialties.map(({ code, name }) => [code, name])}
      />
      <FilterSelect
        name="weekday"
        label={t`Day of the week`}
        allLabel={t`Any day`}
        value={current.weekday}
        options={weekdays().map(({ number, name }) => [String(number), name])}
      />
      <button type="submit" className="btn btn-primary">
        <Trans>Show doctors</Trans>
      </button>
      {isFiltered(current) && (
        <Link className="btn btn-link" to={withQuery('', { [VISIT_TYPE]: current.visit_type }) || '?'}>
          <Trans>Clear search</Trans>
        </Link>
      )}
    </form>
  );
}

interface FilterSelectProps {
  name: string;
  label: string;
  allLabel: string;
  value: string | number | undefined;
  options: [value: string, label: string][];
}

function FilterSelect({ name, label, allLabel, value, options }: FilterSelectProps) {
  return (
    <div>
      <label className="form-label" htmlFor={name}>
        {label}
      </label>
      <select id={name} name={name} className="form-select" defaultValue={value ?? ''}>
        <option value="">{allLabel}</option>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
