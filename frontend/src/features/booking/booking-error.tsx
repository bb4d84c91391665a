import { Trans } from '@lingui/react/macro';
import { Link, useLocation } from 'react-router';
import { isApiError } from '@/shared/api/api-error';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { timesPath } from '@/shared/paths/booking-paths';
import { errorText } from '@/shared/ui/error-text';
import { useFocusOn } from '@/shared/ui/use-focus-on';

interface BookingErrorProps {
  error: Error;
  doctorId: string;
  visitType: string | undefined;
}

/** Says why the booking failed and what to do next. Takes the focus. */
export function BookingError({ error, doctorId, visitType }: BookingErrorProps) {
  const box = useFocusOn<HTMLDivElement>(error);
  return (
    <div ref={box} tabIndex={-1} role="alert" className="error-summary mb-4">
      <h2 className="h5">
        <Trans>Your appointment is not booked yet</Trans>
      </h2>
      <p>{errorText(error)}</p>
      <ErrorDetails error={error} />
      <NextStep error={error} doctorId={doctorId} visitType={visitType} />
      <CallTheClinic />
    </div>
  );
}

/** The server's messages about single fields. */
function ErrorDetails({ error }: { error: Error }) {
  const messages = isApiError(error) ? Object.values(error.errors).flat() : [];
  if (messages.length === 0) return null;
  return (
    <ul>
      {messages.map((message) => (
        <li key={message}>{message}</li>
      ))}
    </ul>
  );
}

function NextStep({ error, doctorId, visitType }: BookingErrorProps) {
  const { pathname, search } = useLocation();
  const profilePath = `/profile?next=${encodeURIComponent(pathname + search)}`;
  if (isApiError(error) && error.isRetryable) {
    return (
      <p>
        <Trans>Try again. We will not book a second appointment.</Trans>
      </p>
    );
  }
  if (isApiError(error, 'patient_busy')) {
    return (
      <p>
        <Link to="/appointments">
          <Trans>View my appointments</Trans>
        </Link>
      </p>
    );
  }
  if (isApiError(error, 'phone_required')) {
    return (
      <p>
        <Link to={profilePath}>
          <Trans>Add a phone number</Trans>
        </Link>
      </p>
    );
  }
  if (isApiError(error, 'email_not_confirmed')) {
    return (
      <p>
        <Link to="/profile">
          <Trans>Get a new link</Trans>
        </Link>
      </p>
    );
  }
  return (
    <p>
      <Link to={timesPath(doctorId, visitType)}>
        <Trans>Choose another time</Trans>
      </Link>
    </p>
  );
}
