import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { Doctor } from '@/shared/api/types';
import { Icon } from '@/shared/staff/icon';
import { useStaff } from '@/shared/staff/staff-context';
import { shortDateTime } from '@/shared/times/format';
import { PageHeading } from '@/shared/ui/page-heading';
import { Pager, pageNumber } from '@/shared/ui/pager';
import { QueryView } from '@/shared/ui/query-view';
import { DOCTORS_ON_PAGE, doctorsQuery } from './doctors';

/** The clinic's doctors, for the front desk. */
export function DoctorsPage() {
  const { t } = useLingui();
  const { role } = useStaff();
  const [search, setSearch] = useSearchParams();
  const text = search.get('q') ?? '';
  const find = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const q = String(new FormData(event.currentTarget).get('q') ?? '').trim();
    setSearch(q ? { q } : {});
  };
  return (
    <>
      <PageHeading title={t`Doctors`} />
      {/* biome-ignore lint/a11y/useSemanticElements: <search> is not known to every browser in use */}
      <form role="search" className="doctor-search" onSubmit={find}>
        <label htmlFor="q" className="form-label">
          <Trans>Name or specialty</Trans>
        </label>
        <div className="d-flex gap-2">
          <input id="q" name="q" type="search" className="form-control" defaultValue={text} key={text} />
          <button type="submit" className="btn btn-outline-primary">
            <Icon name="search" />
            <Trans>Search</Trans>
          </button>
        </div>
      </form>
      {role === 'admin' && (
        <p>
          <Link to="/portal/bookable">
            <Trans>What can be booked with each doctor, and doctors who take no bookings</Trans>
          </Link>
        </p>
      )}
      <QueryView query={useQuery(doctorsQuery(text, pageNumber(search)))}>
        {(page) => (
          <>
            {page.count === 0 && (
              <p className="notice">
                <Trans>No doctors found. Check the spelling.</Trans>
              </p>
            )}
            <ul className="list-unstyled portal-rows">
              {page.results.map((doctor) => (
                <DoctorRow key={doctor.id} doctor={doctor} />
              ))}
            </ul>
            <Pager page={page} size={DOCTORS_ON_PAGE} />
          </>
        )}
      </QueryView>
    </>
  );
}

function DoctorRow({ doctor }: { doctor: Doctor }) {
  const { t } = useLingui();
  const specialties = doctor.specialties.map(({ name }) => name).join(', ');
  const next = doctor.next_available_local;
  return (
    <li className="portal-row">
      <div>
        <p className="mb-0">
          <Link to={`/portal/doctors/${doctor.id}`} className="fw-semibold">
            {doctor.display_name}
          </Link>
        </p>
        <p className="mb-0 text-body-secondary">
          {[specialties, next ? t`Next: ${shortDateTime(next)}` : t`No free times`]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      <Link
        className="btn btn-outline-primary"
        to={`/portal/calendar?view=week&doctors=${doctor.id}`}
        aria-label={t`Calendar of ${doctor.display_name}`}
      >
        <Icon name="calendar" />
        <Trans>Calendar</Trans>
      </Link>
    </li>
  );
}
