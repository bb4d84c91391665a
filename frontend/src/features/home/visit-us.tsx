import { Trans } from '@lingui/react/macro';
import type { HomePage, Site } from '@/gen';
import { PhoneLink } from '@/shared/clinic/clinic-phone';

/** When the clinic is open and where it is. */
export function VisitUs({ home: { hours, hours_note, sites } }: { home: HomePage }) {
  if (!hours.length && !sites.length) return null;
  return (
    <div className="home-visit">
      {hours.length > 0 && (
        <section aria-labelledby="home-hours">
          <h2 id="home-hours">
            <Trans>Opening hours</Trans>
          </h2>
          <table className="home-hours">
            <caption className="visually-hidden">
              <Trans>Opening hours</Trans>
            </caption>
            <tbody>
              {hours.map(({ weekday, name, text, intervals }) => (
                <tr key={weekday}>
                  <th scope="row">{name}</th>
                  <td className={intervals.length ? undefined : 'text-body-secondary'}>{text}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {hours_note && <p className="text-body-secondary">{hours_note}</p>}
        </section>
      )}
      {sites.length > 0 && (
        <section aria-labelledby="home-sites">
          <h2 id="home-sites">
            <Trans>Where to find us</Trans>
          </h2>
          <div className="home-sites">
            {sites.map((site) => (
              <SiteCard key={site.name} site={site} />
            ))}
          </div>
        </section>
      )}
    </div>
  );
}

function SiteCard({ site: { name, address, phone, directions, map_url, route_url } }: { site: Site }) {
  const hidden = <span className="visually-hidden">: {name}</span>;
  return (
    <div className="home-card">
      <h3 className="h5">{name}</h3>
      <p className="address">{address}</p>
      {phone && (
        <p>
          <Trans>
            Phone: <PhoneLink number={phone} />
          </Trans>
        </p>
      )}
      {directions && <p className="address">{directions}</p>}
      {map_url && (
        <p className="home-links">
          <a href={map_url} rel="noopener noreferrer">
            <Trans>See on a map</Trans>
            {hidden}
          </a>
          <a href={route_url} rel="noopener noreferrer">
            <Trans>Get directions</Trans>
            {hidden}
          </a>
        </p>
      )}
    </div>
  );
}
