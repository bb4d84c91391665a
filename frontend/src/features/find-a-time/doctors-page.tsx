import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import type { Doctor, Page, VisitType } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { PageHeading } from '@/shared/ui/page-heading';
import { Pager } from '@/shared/ui/pager';
import { QueryView } from '@/shared/ui/query-view';
import { ChosenVisitType } from '@/shared/visit-types/chosen-visit-type';
import { RequireVisitType } from '@/shared/visit-types/require-visit-type';
import { isOfferedBy } from '@/shared/visit-types/use-visit-type';
import { DoctorCard } from './doctor-card';
import { DoctorFilters } from './doctor-filters';
import { readSearch } from './doctor-search';
import { FirstAvailableCard } from './first-available-card';
import { DOCTORS_PER_PAGE, type DoctorSearch, doctorsQuery } from './list-doctors';

export function DoctorsPage() {
  return <RequireVisitType>{(visitType) => <Doctors visitType={visitType} />}</RequireVisitType>;
}

function Doctors({ visitType }: { visitType: VisitType | null }) {
  const { t } = useLingui();
  const clinic = useClinic();
  const [params] = useSearchParams();
  const current = { ...readSearch(params), visit_type: visitType?.id };
  const doctors = useQuery(doctorsQuery(current));
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
      <DoctorFilters current={current} />
      <QueryView query={doctors} loading={t`Loading doctors…`}>
        {(page) => (
          <DoctorResults
            page={onlyOffering(page, visitType)}
            visitType={visitType}
            search={current}
            stale={doctors.isPlaceholderData}
          />
        )}
      </QueryView>
    </>
  );
}

/** Whether the user searches for no doctor or weekday in particular. */
const isOpenSearch = ({ search, weekday, page }: DoctorSearch) =>
  !search && weekday === undefined && page === 1;

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
      {page.count > 1 && isOpenSearch(search) && (
        <FirstAvailableCard visitType={visitType} specialty={search.specialty} doctors={page.results} />
      )}
      <h2 className="h6 text-body-secondary mb-3">
        <span role="status">
          <Plural value={page.count} _0="No doctors found" one="# doctor" other="# doctors" />
        </span>
      </h2>
      {page.count === 0 && <NoDoctorsFound />}
      <ul className="doctor-list list-unstyled">
        {page.results.map((doctor) => (
          <li key={doctor.id}>
            <DoctorCard doctor={doctor} visitType={visitType} />
          </li>
        ))}
      </ul>
      <Pager page={page} size={DOCTORS_PER_PAGE} />
    </section>
  );
}

function NoDoctorsFound() {
  return (
    <div className="notice">
      <p>
        <Trans>No doctors match your search. Try another name, specialty or day.</Trans>
      </p>
      <CallTheClinic />
    </div>
  );
}
