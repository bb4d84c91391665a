import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import { isApiError } from '@/shared/api/api-error';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { timesPath } from '@/shared/paths/booking-paths';
import { explain } from '@/shared/ui/error-text';
import { useFocusOn } from '@/shared/ui/use-focus-on';

interface RefusedProps {
  error: Error;
  doctorId: string;
  visitType: string | undefined;
}

/** Why there is no booking, and what to do next; takes the focus. */
export function Refused({ error, doctorId, visitType }: RefusedProps) {
  const box = useFocusOn<HTMLDivElement>(error);
  return (
    <div ref={box} tabIndex={-1} role="alert" className="error-summary mb-4">
      <h2 className="h5">
        <Trans>Your appointment is not confirmed yet</Trans>
      </h2>
      <p>{explain(error)}</p>
      <Details error={error} />
      <WayOn error={error} doctorId={doctorId} visitType={visitType} />
      <CallTheClinic />
    </div>
  );
}

/** What the server says of single answers. */
function Details({ error }: { error: Error }) {
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

function WayOn({ error, doctorId, visitType }: RefusedProps) {
  if (isApiError(error) && error.unanswered) {
    return (
      <p>
        <Trans>You can press the button again: it will not book you twice.</Trans>
      </p>
    );
  }
  if (isApiError(error, 'patient_busy')) {
    return (
      <p>
        <Link to="/appointments">
          <Trans>See my appointments</Trans>
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
