import { Trans } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { isApiError } from '@/shared/api/api-error';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { explain } from '@/shared/ui/explain';

interface RefusedProps {
  error: Error;
  doctorId: string;
}

/** Why there is no booking, and what to do next; takes the focus. */
export function Refused({ error, doctorId }: RefusedProps) {
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new refusal takes the focus
  useEffect(() => box.current?.focus(), [error]);
  return (
    <div ref={box} tabIndex={-1} role="alert" className="error-summary mb-4">
      <h2 className="h5">
        <Trans>Your appointment is not confirmed yet</Trans>
      </h2>
      <p>{explain(error)}</p>
      <WayOn error={error} doctorId={doctorId} />
      <CallTheClinic />
    </div>
  );
}

function WayOn({ error, doctorId }: RefusedProps) {
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
      <Link to={`/doctors/${doctorId}`}>
        <Trans>Choose another time</Trans>
      </Link>
    </p>
  );
}
