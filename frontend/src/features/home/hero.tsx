import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { HomePage, HomePicture } from '@/gen';
import { useClinic } from '@/shared/clinic/clinic-context';
import { PhoneLink } from '@/shared/clinic/clinic-phone';
import { PageHeading } from '@/shared/ui/page-heading';
import { WrittenText } from './written-text';

export function Hero({ home }: { home: HomePage }) {
  const { t } = useLingui();
  const { phone } = useClinic();
  return (
    <div className={home.picture ? 'home-hero home-hero-picture' : 'home-hero'}>
      <div className="home-words">
        <PageHeading title={t`Book an appointment`}>{home.heading}</PageHeading>
        {home.welcome_html && <WrittenText className="home-welcome" html={home.welcome_html} />}
        <p className="home-actions">
          <Link className="btn btn-primary btn-lg" to="/first-available">
            <Trans>Book an appointment</Trans>
          </Link>
          {phone && (
            <span>
              <Trans>
                or call <PhoneLink number={phone} />
              </Trans>
            </span>
          )}
        </p>
      </div>
      {home.picture && <Picture picture={home.picture} />}
    </div>
  );
}

function Picture({ picture: { src, sources, width, height, alt } }: { picture: HomePicture }) {
  return (
    <picture>
      {sources.map(({ type, srcset }) => (
        <source key={type} type={type} srcSet={srcset} sizes="(min-width: 992px) 34rem, 100vw" />
      ))}
      <img className="home-picture" src={src} width={width} height={height} alt={alt} fetchPriority="high" />
    </picture>
  );
}
