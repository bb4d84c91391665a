import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Dependant } from '@/shared/api/types';
import { dependantsQuery } from '@/shared/session/dependants';
import { RequirePatient } from '@/shared/session/require-patient';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';

export function PeoplePage() {
  return <RequirePatient>{() => <People />}</RequirePatient>;
}

function People() {
  const { t } = useLingui();
  return (
    <div className="narrow">
      <PageHeading title={t`People I care for`} />
      <p className="lead">
        <Trans>
          Add a child, a parent or someone else you care for. You can then book appointments for them. We send
          the emails to you.
        </Trans>
      </p>
      <QueryView query={useQuery(dependantsQuery())}>{(people) => <List people={people} />}</QueryView>
      <div className="actions">
        <Link className="btn btn-primary" to="/profile/people/new">
          <Trans>Add a person</Trans>
        </Link>
        <Link className="btn btn-link" to="/profile">
          <Trans>Back to my details</Trans>
        </Link>
      </div>
    </div>
  );
}

function List({ people }: { people: Dependant[] }) {
  if (people.length === 0)
    return (
      <p className="notice">
        <Trans>You have not added anyone yet.</Trans>
      </p>
    );
  return (
    <ul className="list-unstyled booking-list">
      {people.map((person) => (
        <li key={person.id} className="booking-row align-items-center">
          <span className="fw-semibold text-break">{person.name}</span>
          <span className="d-flex gap-2">
            <Link className="btn btn-link" to={`/profile/people/${person.id}`}>
              <Trans>
                Change<span className="visually-hidden"> {person.name}</span>
              </Trans>
            </Link>
            <Link className="btn btn-link link-danger" to={`/profile/people/${person.id}/remove`}>
              <Trans>
                Remove<span className="visually-hidden"> {person.name}</span>
              </Trans>
            </Link>
          </span>
        </li>
      ))}
    </ul>
  );
}
