import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { SearchOptions } from '@/gen';
import type { Doctor, Page, VisitType } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { VISIT_TYPE } from '@/shared/paths/booking-paths';
import { withQuery } from '@/shared/paths/with-query';
import { DOCTOR_FILTERS, filterFields, filtersOf } from '@/shared/search/filters';
import { useSearchOptions } from '@/shared/search/search-options';
import { Loading } from '@/shared/ui/loading';
import { PageHeading } from '@/shared/ui/page-heading';
import { Pager, pageNumber } from '@/shared/ui/pager';
import { QueryView } from '@/shared/ui/query-view';
import { Skeleton } from '@/shared/ui/skeleton';
import { ChosenVisitType } from '@/shared/visit-types/chosen-visit-type';
import { RequireVisitType } from '@/shared/visit-types/require-visit-type';
import { isOfferedBy } from '@/shared/visit-types/use-visit-type';
import { DoctorCard } from './doctor-card';
import { DoctorFilters } from './doctor-filters';
import { FirstAvailableCard } from './first-available-card';
import { DOCTORS_PER_PAGE, type DoctorSearch, doctorsQuery } from './list-doctors';

export function DoctorsPage() {
  return <RequireVisitType>{(visitType) => <Doctors visitType={visitType} />}</RequireVisitType>;
}

function Doctors({ visitType }: { visitType: VisitType | null }) {
  const { t } = useLingui();
  const clinic = useClinic();
  const options = useSearchOptions();
  return (
    <>
      <PageHeading title={t`Find a doctor`} />
      <p className="lead">
        <Trans>
          Choose a doctor at {clinic.name}, then choose a time. All times are {clinic.tz_label}.
        </Trans>
      </p>
      {visitType && (
        <ChosenVisitType visitType={visitType} change={clinic.visit_types.length > 1 ? '/doctors' : null} />
      )}
      {options ? <Search visitType={visitType} options={options} /> : <Loading />}
    </>
  );
}

interface SearchProps {
  visitType: VisitType | null;
  options: SearchOptions;
}

function Search({ visitType, options }: SearchProps) {
  const { specialties } = useClinic();
  const [params] = useSearchParams();
  const fields = filterFields(DOCTOR_FILTERS, params, { options, specialties });
  const text = params.get('search')?.trim() ?? '';
  const search: DoctorSearch = {
    search: text || undefined,
    filters: filtersOf(fields),
    visit_type: visitType?.id,
    page: pageNumber(params),
  };
  const doctors = useQuery(doctorsQuery(search));
  return (
    <>
      <DoctorFilters text={text} fields={fields} visitType={visitType?.id} />
      <QueryView
        query={doctors}
        loading={
          <Skeleton kind="card" count={6}>
            <Trans>Loading doctors…</Trans>
          </Skeleton>
        }
      >
        {(page) => (
          <DoctorResults
            page={onlyOffering(page, visitType)}
            visitType={visitType}
            search={search}
            stale={doctors.isPlaceholderData}
          />
        )}
      </QueryView>
    </>
  );
}

/** Removes doctors who do not offer the visit type, in case the server has not. */
function onlyOffering(page: Page<Doctor>, visitType: VisitType | null): Page<Doctor> {
  if (!visitType) return page;
  const results = page.results.filter(({ id }) => isOfferedBy(id, visitType));
  return { ...page, results, count: page.count - (page.results.length - results.length) };
}

interface DoctorResultsProps {
  page: Page<Doctor>;
  visitType: VisitType | null;
  search: DoctorSearch;
  stale: boolean;
}

function DoctorResults({ page, visitType, search, stale }: DoctorResultsProps) {
  return (
    <section aria-busy={stale || undefined}>
      {page.count > 1 && !search.search && search.page === 1 && (
        <FirstAvailableCard visitType={visitType} filters={search.filters} doctors={page.results} />
      )}
      <h2 className="h6 text-body-secondary mb-3">
        <span role="status">
          <Plural value={page.count} _0="No doctors found" one="# doctor" other="# doctors" />
        </span>
      </h2>
      {page.count === 0 && <NoDoctorsFound visitType={visitType} />}
      <ul className="doctor-list list-unstyled">
        {page.results.map((doctor) => (
          <li key={doctor.id}>
            <DoctorCard doctor={doctor} visitType={visitType} filters={search.filters} />
          </li>
        ))}
      </ul>
      <Pager page={page} size={DOCTORS_PER_PAGE} />
    </section>
  );
}

function NoDoctorsFound({ visitType }: { visitType: VisitType | null }) {
  return (
    <div className="notice">
      <p>
        <Trans>No doctors match your search. Change a filter, or clear the search.</Trans>{' '}
        <Link to={withQuery('/doctors', { [VISIT_TYPE]: visitType?.id })}>
          <Trans>Show all doctors</Trans>
        </Link>
      </p>
      <CallTheClinic />
    </div>
  );
}
