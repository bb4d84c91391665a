import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { Patient } from '@/gen';
import { Icon } from '@/shared/staff/icon';
import { isFrontDesk, useStaff } from '@/shared/staff/staff-context';
import { shortDateTime } from '@/shared/times/format';
import { PageHeading } from '@/shared/ui/page-heading';
import { pageNumber } from '@/shared/ui/pager';
import { QueryView } from '@/shared/ui/query-view';
import { DateOfBirth } from './date-of-birth';
import { patientsQuery, type Visit, visitsAroundQuery } from './patients';

const TYPING_MS = 250;

/** The patients whom the user may see, with a search. */
export function PatientsPage() {
  const { t } = useLingui();
  const staff = useStaff();
  const [params] = useSearchParams();
  const q = params.get('q') ?? '';
  const page = pageNumber(params);
  const desk = isFrontDesk(staff);
  return (
    <>
      <PageHeading title={desk ? t`Patients` : t`My patients`} />
      <Search q={q} />
      <QueryView query={useQuery(patientsQuery(q, page))} loading={t`Loading patients…`}>
        {({ results, has_more }) => (
          <>
            <PatientTable patients={results} isSearch={q !== ''} />
            <Pages page={page} hasMore={has_more} />
          </>
        )}
      </QueryView>
    </>
  );
}

function Search({ q }: { q: string }) {
  const { t } = useLingui();
  const [params, setParams] = useSearchParams();
  const [text, setText] = useState(q);
  useEffect(() => setText(q), [q]);
  const search = (value: string) => {
    const next = new URLSearchParams(params);
    next.delete('page');
    if (value.trim()) next.set('q', value.trim());
    else next.delete('q');
    setParams(next, { replace: true });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts a search
  useEffect(() => {
    if (text.trim() === q || text.trim().length === 1) return;
    const timer = setTimeout(() => search(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    search(text);
  };
  return (
    <search>
      <form onSubmit={submit} className="patient-search">
        <label htmlFor="patient-q">{t`Name, phone number or date of birth`}</label>
        <div className="patient-search-row">
          <input
            id="patient-q"
            type="search"
            className="form-control"
            maxLength={100}
            autoComplete="off"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <button type="submit" className="btn btn-primary">
            <Icon name="search" />
            <Trans>Search</Trans>
          </button>
        </div>
      </form>
    </search>
  );
}

function PatientTable({ patients, isSearch }: { patients: Patient[]; isSearch: boolean }) {
  const around = useQuery(visitsAroundQuery(patients.map(({ id }) => id)));
  if (patients.length === 0) {
    return (
      <p className="portal-card" role="status">
        {isSearch ? (
          <Trans>No patient matches your search.</Trans>
        ) : (
          <Trans>There are no patients yet.</Trans>
        )}
      </p>
    );
  }
  return (
    <ul className="patient-list">
      {patients.map((patient) => {
        const visits = around.data?.get(patient.id);
        return (
          <li key={patient.id} className="patient-row">
            <div>
              <Link to={`/portal/patients/${patient.id}`} className="patient-name">
                {patient.name}
              </Link>
              <p>{patient.date_of_birth ? <DateOfBirth date={patient.date_of_birth} /> : null}</p>
            </div>
            <div>
              <p>{patient.phone_display}</p>
              <p className="patient-email">{patient.email}</p>
              {patient.email_problem && (
                <p className="wait wait-long">
                  <Icon name="message" />
                  <Trans>Emails are not delivered</Trans>
                </p>
              )}
            </div>
            <dl className="patient-visits">
              <div>
                <dt>
                  <Trans>Last visit</Trans>
                </dt>
                <dd>
                  <VisitLink visit={visits?.last} />
                </dd>
              </div>
              <div>
                <dt>
                  <Trans>Next visit</Trans>
                </dt>
                <dd>
                  <VisitLink visit={visits?.next} />
                </dd>
              </div>
            </dl>
          </li>
        );
      })}
    </ul>
  );
}

function VisitLink({ visit }: { visit: Visit | null | undefined }) {
  if (visit === undefined) return <Trans>…</Trans>;
  if (visit === null) return <Trans>None</Trans>;
  return <Link to={`/portal/bookings/${visit.id}`}>{shortDateTime(visit)}</Link>;
}

function Pages({ page, hasMore }: { page: number; hasMore: boolean }) {
  const { t } = useLingui();
  const [params] = useSearchParams();
  if (page === 1 && !hasMore) return null;
  const to = (number: number) => {
    const next = new URLSearchParams(params);
    next.set('page', String(number));
    return { search: next.toString() };
  };
  return (
    <nav aria-label={t`Pages`} className="d-flex flex-wrap gap-3 mt-4">
      {page > 1 && (
        <Link className="btn btn-outline-primary" to={to(page - 1)}>
          <Trans>Previous page</Trans>
        </Link>
      )}
      {hasMore && (
        <Link className="btn btn-outline-primary" to={to(page + 1)}>
          <Trans>Next page</Trans>
        </Link>
      )}
    </nav>
  );
}
