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
import { FirstWhatFor } from '@/shared/visit-types/require-visit-type';
import { offers } from '@/shared/visit-types/use-visit-type';
import { DoctorCard } from './doctor-card';
import { DoctorFilters } from './doctor-filters';
import { readSearch } from './doctor-search';
import { FirstAvailableCard } from './first-available-card';
import { DOCTORS_PER_PAGE, type DoctorSearch, doctorsQuery } from './list-doctors';

export function DoctorsPage() {
  return <FirstWhatFor>{(visitType) => <Doctors visitType={visitType} />}</FirstWhatFor>;
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
          Choose who you would like to see at {clinic.name}, then pick a time. All times are {clinic.tz_label}
          .
        </Trans>
      </p>
      {visitType && (
        <ChosenVisitType visitType={visitType} change={clinic.visit_types.length > 1 ? '/doctors' : null} />
      )}
      <DoctorFilters current={current} />
      <QueryView query={doctors} loading={t`Looking for doctors…`}>
        {(page) => (
          <Found
            page={offering(page, visitType)}
            visitType={visitType}
            search={current}
            stale={doctors.isPlaceholderData}
          />
        )}
      </QueryView>
    </>
  );
}

/** Whether somebody looks for no doctor, or weekday, in particular. */
const anyWillDo = ({ search, weekday, page }: DoctorSearch) => !search && weekday === undefined && page === 1;

/** Those who offer the visit; a server that looked at it already has left out nobody else. */
function offering(page: Page<Doctor>, visitType: VisitType | null): Page<Doctor> {
  if (!visitType) return page;
  const results = page.results.filter(({ id }) => offers(id, visitType));
  return { ...page, results, count: page.count - (page.results.length - results.length) };
}

interface FoundProps {
  page: Page<Doctor>;
  visitType: VisitType | null;
  search: DoctorSearch;
  stale: boolean;
}

function Found({ page, visitType, search, stale }: FoundProps) {
  return (
    <section aria-busy={stale || undefined}>
      {page.count > 1 && anyWillDo(search) && (
        <FirstAvailableCard visitType={visitType} specialty={search.specialty} doctors={page.results} />
      )}
      <h2 className="h6 text-body-secondary mb-3">
        <span role="status">
          <Plural value={page.count} _0="No doctors found" one="# doctor" other="# doctors" />
        </span>
      </h2>
      {page.count === 0 && <NobodyFound />}
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

function NobodyFound() {
  return (
    <div className="notice">
      <p>
        <Trans>Nobody here matches that search. Try another name, specialty or day.</Trans>
      </p>
      <CallTheClinic />
    </div>
  );
}
