import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { Offer } from '@/gen';
import { Choice } from '@/shared/forms/choice';
import { shortDateTime } from '@/shared/times/format';
import { myBookingsQuery } from '../my-bookings/list-my-bookings';

interface ReplaceFieldProps {
  offer: Offer;
  replaces: string | null;
  setReplaces: (booking: string | null) => void;
}

/** Asks whether the offered time replaces a later appointment. Shown if there is one. */
export function ReplaceField({ offer, replaces, setReplaces }: ReplaceFieldProps) {
  const { data } = useQuery({ ...myBookingsQuery('upcoming', 1), enabled: offer.can_replace.length > 0 });
  const later = data?.results.filter(({ id }) => offer.can_replace.includes(id)) ?? [];
  if (later.length === 0) return null;
  return (
    <fieldset className="field" aria-describedby="replaces-hint">
      <legend>
        <Trans>Do you still need your later appointment?</Trans>
      </legend>
      <div id="replaces-hint" className="form-text">
        <Trans>If you replace it, we cancel it when you accept this one.</Trans>
      </div>
      {later.map((booking) => (
        <Choice
          key={booking.id}
          id={`replaces-${booking.id}`}
          name="replaces"
          checked={replaces === booking.id}
          onChange={() => setReplaces(booking.id)}
        >
          <Trans>
            No, replace my appointment on {shortDateTime(booking)} with {booking.doctor.display_name}
          </Trans>
        </Choice>
      ))}
      <Choice
        id="replaces-none"
        name="replaces"
        checked={replaces === null}
        onChange={() => setReplaces(null)}
      >
        <Trans>Yes, keep it</Trans>
      </Choice>
    </fieldset>
  );
}
