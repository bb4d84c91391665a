import { Trans, useLingui } from '@lingui/react/macro';
import type { AffectedBooking, Alternative } from '@/gen';
import { Icon } from '@/shared/staff/icon';
import { endTime, longDate, shortDate, startTime } from '@/shared/times/format';
import type { Decision, Reach } from './absences';

interface BookingRowProps {
  affected: AffectedBooking;
  person?: Reach['people'][number];
  decision: Decision;
  onDecide: (decision: Decision) => void;
}

/** One appointment in the absence: what is done with it, as one choice. */
export function BookingRow({ affected, person, decision, onDecide }: BookingRowProps) {
  const { t } = useLingui();
  const { booking, alternatives } = affected;
  const field = `decision-${booking.id}`;
  const value = decision.action === 'move' ? `move ${decision.slot ?? ''}` : decision.action;
  const choose = (chosen: string) => {
    const [action = 'keep', slot] = chosen.split(' ');
    onDecide({ action: action as Decision['action'], slot: slot || null });
  };
  return (
    <li className="portal-card absence-row">
      <div>
        <strong className="d-block">{booking.patient?.name}</strong>
        <span className="d-block">
          <Trans>
            {longDate(booking.local_date)}, {startTime(booking)} to {endTime(booking)}, {booking.tz_label}
          </Trans>
        </span>
        {booking.visit_type && <span className="d-block small">{booking.visit_type.name}</span>}
        <Reached person={person} />
      </div>
      <div className="absence-decision">
        <label className="form-label" htmlFor={field}>
          <Trans>What happens</Trans>
          <span className="visually-hidden"> {booking.patient?.name}</span>
        </label>
        <select
          id={field}
          className="form-select"
          value={value}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          {alternatives === null && <option value="move ">{t`Move to the nearest time`}</option>}
          {alternatives?.map((slot) => (
            <option key={slot.id} value={`move ${slot.id}`}>
              {moveLabel(slot, t`Move to`)}
            </option>
          ))}
          <option value="cancel">{t`Cancel`}</option>
          <option value="keep">{t`Keep as it is`}</option>
        </select>
        {alternatives?.length === 0 && (
          <p className="form-text mb-0">
            <Trans>No other time is open.</Trans>
          </p>
        )}
      </div>
    </li>
  );
}

const moveLabel = (slot: Alternative, label: string) =>
  `${label} ${shortDate(slot.local_date)}, ${startTime(slot)}, ${slot.doctor_name}`;

/** How the patient hears of it; else the number to call. */
export function Reached({ person }: { person?: Reach['people'][number] }) {
  if (!person) return null;
  if (person.channels.length > 0) {
    return (
      <span className="absence-reach">
        <Icon name="message" />{' '}
        {person.channels.includes('sms') ? (
          <Trans>Gets an email or text message</Trans>
        ) : (
          <Trans>Gets an email</Trans>
        )}
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
        <Trans>Gets no message, and we have no phone number</Trans>
      )}
    </span>
  );
}
