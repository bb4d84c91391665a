import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { Offer } from '@/gen';
import type { WaitlistEntry } from '@/shared/api/types';
import { PatientName } from '@/shared/bookings/patient-name';
import { AppointmentTime } from '@/shared/times/appointment-time';
import { shortDateTime } from '@/shared/times/format';
import { errorText } from '@/shared/ui/error-text';
import { useDeclineOffer } from './decline-offer';
import { entryTitle } from './entry-summary';

interface OfferCardProps {
  entry: WaitlistEntry;
  offer: Offer;
  /** Shows a status message after the card is removed. */
  announce: (text: string) => void;
}

/** A time offered from the waiting list, reserved for the patient until the offer expires. */
export function OfferCard({ entry, offer, announce }: OfferCardProps) {
  const { t } = useLingui();
  const decline = useDeclineOffer(offer.id, () =>
    announce(t`You have declined this appointment. You keep your place on the waiting list.`),
  );
  const title = `offer-${offer.id}`;
  return (
    <article className="next-booking mb-4" aria-labelledby={title}>
      <h2 id={title} className="h5">
        <Trans>An appointment is available</Trans>
      </h2>
      <div className="next-booking-when">
        <AppointmentTime time={offer.time} />
      </div>
      <p>
        <strong className="d-block">{offer.time.doctor.display_name}</strong>
        {offer.time.visit_type?.name}
        <PatientName patient={entry.patient} />
      </p>
      <p>
        <Trans>
          Accept or decline this appointment by <strong>{shortDateTime(offer.ends_at_local)}</strong>,{' '}
          {offer.tz_label}. If you decline, you keep your place on the waiting list.
        </Trans>
      </p>
      <Link className="btn btn-primary" to={`/waiting-list/${entry.id}/accept`}>
        <Trans>Accept</Trans>
      </Link>
      <button
        type="button"
        className="btn btn-link"
        aria-busy={decline.isPending || undefined}
        onClick={() => decline.mutate()}
      >
        <Trans>
          Decline<span className="visually-hidden"> {entryTitle(entry)}</span>
        </Trans>
      </button>
      {decline.error && (
        <p role="alert" className="field-error mb-0">
          {errorText(decline.error)}
        </p>
      )}
    </article>
  );
}
