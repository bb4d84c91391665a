import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { HomePage } from '@/gen';
import { Avatar } from '@/shared/ui/avatar';
import { specialtyNames } from '@/shared/ui/labels';

export function Team({ home: { team, team_size } }: { home: HomePage }) {
  if (!team.length) return null;
  return (
    <section aria-labelledby="home-team">
      <h2 id="home-team">
        <Trans>Our team</Trans>
      </h2>
      <ul className="home-team list-unstyled">
        {team.map(({ id, name, display_name, qualification, specialties, photo }) => (
          <li key={id} className="home-card home-doctor">
            <Avatar name={name} photo={photo} large />
            <div>
              <h3 className="h5">
                <Link className="stretched-link" to={`/doctors/${id}`}>
                  {display_name}
                </Link>
              </h3>
              {qualification && <p className="text-body-secondary">{qualification}</p>}
              <p>{specialtyNames(specialties)}</p>
            </div>
          </li>
        ))}
      </ul>
      {team_size > team.length && (
        <p>
          <Link to="/doctors">
            <Trans>See all doctors</Trans>
          </Link>
        </p>
      )}
    </section>
  );
}
