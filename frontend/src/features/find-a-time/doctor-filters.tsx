import { Trans } from '@lingui/react/macro';
import { type FormEvent, useEffect, useRef } from 'react';
import { Link, useNavigate } from 'react-router';
import { VISIT_TYPE } from '@/shared/paths/booking-paths';
import { withQuery } from '@/shared/paths/with-query';
import { FilterSelect } from '@/shared/search/filter-select';
import { type FilterField, formQuery } from '@/shared/search/filters';

/** The filters that are always shown. The others are folded unless one is in use. */
const MAIN_FILTERS = ['specialty', 'weekday'];

interface DoctorFiltersProps {
  /** The part of a name that is searched for. */
  text: string;
  fields: FilterField[];
  visitType: string | undefined;
}

export function DoctorFilters({ text, fields, visitType }: DoctorFiltersProps) {
  const navigate = useNavigate();
  const main = fields.filter(({ name }) => MAIN_FILTERS.includes(name));
  const more = fields.filter(({ name }) => !MAIN_FILTERS.includes(name));
  const isFiltered = Boolean(text) || fields.some(({ value }) => value);
  const input = useRef<HTMLInputElement>(null);
  // Not a new element, which would lose the focus.
  useEffect(() => {
    if (input.current) input.current.value = text;
  }, [text]);
  const search = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    navigate(formQuery(new FormData(event.currentTarget)));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: older browsers do not support the search element
    <form onSubmit={search} role="search" className="filters">
      {visitType && <input type="hidden" name={VISIT_TYPE} value={visitType} />}
      <div className="filter-name">
        <label className="form-label" htmlFor="search">
          <Trans>Doctor’s name</Trans>
        </label>
        <input
          ref={input}
          type="search"
          id="search"
          name="search"
          className="form-control"
          autoComplete="off"
          maxLength={100}
          defaultValue={text}
        />
      </div>
      {main.map((field) => (
        <FilterSelect key={`${field.name}=${field.value}`} field={field} />
      ))}
      {more.length > 0 && (
        <details className="fold filter-more" open={more.some(({ value }) => value)}>
          <summary>
            <Trans>More filters</Trans>
          </summary>
          <div className="filter-fields">
            {more.map((field) => (
              <FilterSelect key={`${field.name}=${field.value}`} field={field} />
            ))}
          </div>
        </details>
      )}
      <button type="submit" className="btn btn-primary">
        <Trans>Show doctors</Trans>
      </button>
      {isFiltered && (
        <Link
          className="btn btn-link"
          to={withQuery('', { [VISIT_TYPE]: visitType }) || '?'}
          onClick={() => input.current?.focus()}
        >
          <Trans>Clear search</Trans>
        </Link>
      )}
    </form>
  );
}
