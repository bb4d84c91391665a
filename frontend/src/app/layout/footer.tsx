import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useLocation } from 'react-router';
import { useClinic } from '@/shared/clinic/clinic-context';
import { PhoneLink } from '@/shared/clinic/clinic-phone';

export function Footer() {
  const { t } = useLingui();
  const { name, address, phone, email, tz_label, patient_languages, locale } = useClinic();
  const { search } = useLocation();
  return (
    <footer className="site-footer">
      <div className="container site-footer-row">
        <address className="mb-0">
          <strong className="d-block">{name}</strong>
          <span className="address">{address}</span>
        </address>
        <div>
          {phone && (
            <p>
              <Trans>
                Phone: <PhoneLink number={phone} />
              </Trans>
            </p>
          )}
          {email && (
            <p>
              <Trans>
                Email: <a href={`mailto:${email}`}>{email}</a>
              </Trans>
            </p>
          )}
        </div>
        <p>
          <Trans>All times are {tz_label}.</Trans>
        </p>
        {patient_languages.length > 1 && (
          <nav className="site-legal" aria-label={t`Language`}>
            {patient_languages.map(({ code, name }) => (
              <a
                key={code}
                href={`${search ? `${search}&` : '?'}lang=${code}`}
                lang={code}
                aria-current={locale.startsWith(code) || undefined}
              >
                {name}
              </a>
            ))}
          </nav>
        )}
        <nav className="site-legal">
          {[
            ['/privacy', t`Privacy notice`] as const,
            ['/accessibility', t`Accessibility statement`] as const,
            ['/terms', t`Terms of use`] as const,
          ].map(([path, title]) => (
            <Link key={path} to={path}>
              {title}
            </Link>
          ))}
        </nav>
      </div>
    </footer>
  );
}
