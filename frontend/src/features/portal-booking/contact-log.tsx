import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { BookingPanel as Booking, LoggedMessage, Moment } from '@/gen';
import { Icon } from '@/shared/staff/icon';
import { shortDateTime } from '@/shared/times/format';
import { QueryView } from '@/shared/ui/query-view';
import { messagesQuery } from './booking-panel-data';
import { Section, type SectionLevel } from './section';

/** The messages about the booking that were sent or are planned. */
export function ContactLog({ booking, level }: { booking: Booking; level: SectionLevel }) {
  const { t } = useLingui();
  const messages = useQuery(messagesQuery(booking.id));
  return (
    <Section title={t`Messages`} level={level}>
      {booking.attendance_confirmed_at && (
        <p className="booking-will-come">
          <Icon name="double-check" />
          <Trans>The patient has confirmed that they are coming.</Trans>
        </p>
      )}
      <QueryView query={messages} loading={t`Loading messages…`}>
        {(list) =>
          list.length > 0 ? (
            <ul className="booking-messages">
              {list.map((message) => (
                <Message key={message.id} message={message} />
              ))}
            </ul>
          ) : (
            <p className="text-body-secondary">
              <Trans>No messages have been sent or planned.</Trans>
            </p>
          )
        }
      </QueryView>
    </Section>
  );
}

function Message({ message }: { message: LoggedMessage }) {
  const { t } = useLingui();
  const by = message.channel === 'sms' ? t`by text message` : t`by email`;
  const when: Moment | null = message.sent ?? (message.status === 'PLANNED' ? message.due : null);
  return (
    <li className={message.is_problem ? 'booking-message has-problem' : 'booking-message'}>
      <Icon name={message.is_problem ? 'warning' : 'message'} />
      <span>
        <span className="booking-message-kind">{message.text}</span>{' '}
        <Trans>
          to {message.to} {by}
        </Trans>
        <span className="booking-message-result">
          {message.result}
          {when && `, ${shortDateTime(when)}`}
        </span>
      </span>
    </li>
  );
}
