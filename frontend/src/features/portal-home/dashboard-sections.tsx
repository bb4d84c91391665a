import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Dashboard, FailedMessage } from '@/gen';
import { Icon } from '@/shared/staff/icon';
import { longDate, shortDate, shortDateTime, startTime } from '@/shared/times/format';
import { QueryView } from '@/shared/ui/query-view';
import { failedMessagesQuery } from './dashboard';

/** The free times of today and tomorrow. */
export function Unfilled({ dashboard, isDoctor }: { dashboard: Dashboard; isDoctor: boolean }) {
  const { t } = useLingui();
  const { unfilled, waiting_list } = dashboard;
  return (
    <section className="portal-card" aria-labelledby="unfilled">
      <h2 id="unfilled">{t`Free times`}</h2>
      {unfilled.map(({ date, count, times }, index) => (
        <div key={date} className="home-row">
          <p className="home-row-title">
            {index === 0 ? <Trans>Today</Trans> : <Trans>Tomorrow</Trans>}
            {': '}
            <Plural value={count} _0="none" one="# free time" other="# free times" />
          </p>
          {count > 0 && (
            <p className="visit-card-details">
              {times
                .map((time) => (isDoctor ? startTime(time) : `${startTime(time)} ${time.doctor_name}`))
                .join(', ')}
              {count > times.length && '…'}
            </p>
          )}
        </div>
      ))}
      {waiting_list > 0 && (
        <p className="home-row">
          {isDoctor ? (
            <Plural
              value={waiting_list}
              one="# patient is on your waiting list."
              other="# patients are on your waiting list."
            />
          ) : (
            <Link to="/portal/waiting-list">
              <Plural
                value={waiting_list}
                one="# patient is on the waiting list"
                other="# patients are on the waiting list"
              />
            </Link>
          )}
        </p>
      )}
    </section>
  );
}

/** Messages that could not be delivered. */
export function FailedMessages() {
  const { t } = useLingui();
  return (
    <QueryView query={useQuery(failedMessagesQuery())} loading={t`Loading messages…`}>
      {({ count, results }) =>
        count === 0 ? null : (
          <section className="portal-card" aria-labelledby="failed">
            <h2 id="failed">
              {t`Messages not delivered`} <span className="board-count">{count}</span>
            </h2>
            <ul className="home-list">
              {byReason(results).map(([first, ...others]) => (
                <li key={first.id} className="home-row">
                  <p className="home-row-title">{first.patient_name}</p>
                  <p className="visit-card-details">
                    {first.channel === 'sms' ? (
                      <Trans>Text message: {first.reason}</Trans>
                    ) : (
                      <Trans>Email: {first.reason}</Trans>
                    )}
                  </p>
                  {[first, ...others].map(({ id, booking, visit, about }) => (
                    <p key={id}>
                      <Link to={`/portal/bookings/${booking}`}>{shortDateTime(visit)}</Link> ({about})
                    </p>
                  ))}
                </li>
              ))}
            </ul>
          </section>
        )
      }
    </QueryView>
  );
}

type Group = [FailedMessage, ...FailedMessage[]];

/** The messages to the same patient that failed for the same reason, as one group each. */
function byReason(messages: FailedMessage[]): Group[] {
  const groups = new Map<string, Group>();
  for (const message of messages) {
    const key = [message.patient_name, message.channel, message.reason].join('\n');
    const group = groups.get(key);
    if (group) group.push(message);
    else groups.set(key, [message]);
  }
  return [...groups.values()];
}

/** Time off and clock changes of the next month. */
export function Coming({ dashboard, isDoctor }: { dashboard: Dashboard; isDoctor: boolean }) {
  const { t } = useLingui();
  const { time_off, clock_changes } = dashboard;
  if (time_off.length + clock_changes.length === 0) return null;
  return (
    <section className="portal-card" aria-labelledby="coming">
      <h2 id="coming">{t`Coming up`}</h2>
      <ul className="home-list">
        {clock_changes.map(({ local_date, time_zone, shift_minutes }) => (
          <li key={`${local_date} ${time_zone}`} className="home-row">
            <p className="home-row-title home-row-icon">
              <Icon name="clock" />
              {shift_minutes > 0 ? <Trans>Clocks go forward</Trans> : <Trans>Clocks go back</Trans>}
            </p>
            <p>{longDate(local_date)}</p>
          </li>
        ))}
        {time_off.map(({ id, doctor_name, first_on, last_on, note }) => (
          <li key={id} className="home-row">
            <p className="home-row-title home-row-icon">
              <Icon name="away" />
              {doctor_name === null ? (
                <Trans>The clinic is closed</Trans>
              ) : isDoctor ? (
                <Trans>You are away</Trans>
              ) : (
                <Trans>{doctor_name} is away</Trans>
              )}
            </p>
            <p>
              {first_on === last_on ? (
                longDate(first_on)
              ) : (
                <Trans>
                  {shortDate(first_on)} to {shortDate(last_on)}
                </Trans>
              )}
            </p>
            {note && <p className="visit-card-details">{note}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
