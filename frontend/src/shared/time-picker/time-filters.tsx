import { Trans } from '@lingui/react/macro';
import type { FormEvent } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { FilterSelect } from '@/shared/search/filter-select';
import { type FilterField, formQuery } from '@/shared/search/filters';
import { preservedParams } from './preserved-params';

const FILTERS = 'time-filters';

/** Link to the page without filters. It vanishes with them, so the filters take the focus. */
export function ClearFilters({ className }: { className?: string }) {
  const [params] = useSearchParams();
  return (
    <Link
      className={className}
      to={`?${preservedParams(params)}`}
      preventScrollReset
      onClick={() => document.getElementById(FILTERS)?.focus()}
    >
      <Trans>Clear filters</Trans>
    </Link>
  );
}

/** The filters of the times, folded unless one is in use. */
export function TimeFilters({ fields }: { fields: FilterField[] }) {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const isFiltered = fields.some(({ value }) => value);
  const search = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const query = formQuery(new FormData(event.currentTarget), preservedParams(params));
    navigate(query, { preventScrollReset: true });
  };
  return (
    <details className="fold time-filters" open={isFiltered}>
      <summary id={FILTERS}>
        <Trans>Filter times</Trans>
      </summary>
      {/* biome-ignore lint/a11y/useSemanticElements: older browsers do not support the search element */}
      <form onSubmit={search} role="search" className="filters">
        {fields.map((field) => (
          <FilterSelect key={`${field.name}=${field.value}`} field={field} />
        ))}
        <button type="submit" className="btn btn-outline-primary">
          <Trans>Show times</Trans>
        </button>
        {isFiltered && <ClearFilters className="btn btn-link" />}
      </form>
    </details>
  );
}
