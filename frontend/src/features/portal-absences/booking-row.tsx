import { Trans } from '@lingui/react/macro';
import type { AffectedBooking, Reach } from '@/gen';
import { ChoiceSelect, choiceId } from '@/shared/staff/affected/choice-select';
import type { Choice } from '@/shared/staff/affected/decisions';
import { Icon } from '@/shared/staff/icon';
import { endTime, longDate, startTime } from '@/shared/times/format';

interface BookingRowProps {
  affected: AffectedBooking;
  person?: Reach['people'][number];
  choice: Choice | undefined;
  choose: (choice: Choice) => void;
}

/** One appointment in the absence, with a choice of what happens to it. */
export function BookingRow({ affected, person, choice, choose }: BookingRowProps) {
  const { booking } = affected;
  return (
    <li className="portal-card absence-row">
      <div>
        <strong className="d-block">{booking.patient.name}</strong>
        <span className="d-block">
          <Trans>
            {longDate(booking.local_date)}, {startTime(booking)} to {endTime(booking)}, {booking.tz_label}
          </Trans>
        </span>
        {booking.visit_type && <span className="d-block small">{booking.visit_type.name}</span>}
        <Reached person={person} />
      </div>
      <div>
        <label className="form-label" htmlFor={choiceId(booking.id)}>
          <Trans>
            What happens
            <span className="visually-hidden"> to the appointment of {booking.patient.name}</span>
          </Trans>
        </label>
        <ChoiceSelect row={affected} choice={choice} choose={choose} />
      </div>
    </li>
  );
}

function Channels({ channels }: Pick<Reach['people'][number], 'channels'>) {
  if (!channels.includes('sms')) return <Trans>Gets an email</Trans>;
  if (channels.length === 1) return <Trans>Gets a text message, because emails do not arrive</Trans>;
  return <Trans>Gets an email and a text message</Trans>;
}

/** The kinds of message that the patient gets; without any, the telephone number to call. */
export function Reached({ person }: { person?: Reach['people'][number] }) {
  if (!person) return null;
  if (person.channels.length > 0) {
    return (
      <span className="absence-reach">
        <Icon name="message" /> <Channels channels={person.channels} />
      </span>
    );
  }
  return (
    <span className="absence-reach is-call">
      <Icon name="phone" />{' '}
      {person.phone ? (
        <Trans>
          Call <a href={`tel:${person.phone}`}>{person.phone_display}</a>
        </Trans>
      ) : (
        <Trans>Cannot get a message, and we have no phone number</Trans>
      )}
    </span>
  );
}
