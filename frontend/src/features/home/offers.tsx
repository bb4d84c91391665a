import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { HomePage } from '@/gen';
import { VISIT_TYPE } from '@/shared/paths/booking-paths';
import { withQuery } from '@/shared/paths/with-query';

/** The visit types, each a way into booking, and the specialties. */
export function Offers({ home: { offers, specialties } }: { home: HomePage }) {
  if (!offers.length && !specialties.length) return null;
  return (
    <section aria-labelledby="home-offers">
      <h2 id="home-offers">
        <Trans>What we offer</Trans>
      </h2>
      {offers.length > 0 && (
        <ul className="home-offers list-unstyled">
          {offers.map(({ id, name, facts, description }) => (
            <li key={id} className="home-card">
              <h3 className="h5">
                <Link className="stretched-link" to={withQuery('/doctors', { [VISIT_TYPE]: id })}>
                  {name}
                </Link>
              </h3>
              <p className="home-facts">{facts}</p>
              {description && <p>{description}</p>}
            </li>
          ))}
        </ul>
      )}
      {specialties.length > 0 && (
        <>
          <h3 className="h5">
            <Trans>Specialties</Trans>
          </h3>
          <ul className="home-specialties list-unstyled">
            {specialties.map(({ code, name }) => (
              <li key={code}>
                <Link to={withQuery('/doctors', { specialty: code })}>{name}</Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
