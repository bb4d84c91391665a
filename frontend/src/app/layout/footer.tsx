import { Trans } from '@lingui/react/macro';
import { useClinic } from '@/shared/clinic/clinic-context';
import { PhoneLink } from '@/shared/clinic/clinic-phone';

export function Footer() {
  const { name, address, phone, email, tz_label } = useClinic();
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
      </div>
    </footer>
  );
}
