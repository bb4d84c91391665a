import { Trans, useLingui } from '@lingui/react/macro';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Navigate, NavLink } from 'react-router';
import { isApiError } from '@/shared/api/api-error';
import { doctorQuery } from '@/shared/api/get-doctor';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { useMayChangeSchedule, useScheduleDoctor, withDoctor } from './schedule-doctor';
import { WholePageStep } from './whole-page-step';

interface SchedulePageProps<T> {
  title: string;
  /** The query for the content. A 404 means that the account has no doctor's record. */
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}

/** A page about a doctor's schedule: heading, links to the other ones, and a hint if there is no doctor. */
export function SchedulePage<T>({ title, query, children }: SchedulePageProps<T>) {
  const doctor = useScheduleDoctor();
  const mayChange = useMayChangeSchedule();
  const step = useState(false);
  if (!mayChange) return <Navigate replace to="/portal/doctors" />;
  return (
    <WholePageStep value={step}>
      {!step[0] && (
        <>
          <PageHeading title={title} />
          {doctor && <DoctorName id={doctor} />}
          <ScheduleTabs doctor={doctor} />
        </>
      )}
      {isApiError(query.error) && query.error.status === 404 ? (
        <NoRecord />
      ) : (
        <QueryView query={query}>{children}</QueryView>
      )}
    </WholePageStep>
  );
}

function DoctorName({ id }: { id: string }) {
  const { data } = useQuery(doctorQuery(id));
  return data ? <p className="lead mb-3">{data.display_name}</p> : null;
}

function ScheduleTabs({ doctor }: { doctor: string | undefined }) {
  const { t } = useLingui();
  const pages = [
    { to: '/portal/hours', label: t`Weekly hours` },
    { to: '/portal/hours/days', label: t`Single days` },
    { to: '/portal/time-off', label: t`Time off` },
    { to: '/portal/slots', label: t`One-off times and blocks` },
  ];
  return (
    <nav aria-label={t`Schedule`} className="portal-tabs">
      <ul>
        {pages.map(({ to, label }) => (
          <li key={to}>
            <NavLink to={withDoctor(to, doctor)} end={to === '/portal/hours'}>
              {label}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function NoRecord() {
  return (
    <div className="notice notice-warning portal-narrow">
      <h2 className="h5">
        <Trans>Your account has no doctor’s record yet</Trans>
      </h2>
      <p className="mb-0">
        <Trans>
          Ask your clinic’s administrator to connect your account to your record. You can set your hours then.
        </Trans>
      </p>
    </div>
  );
}
