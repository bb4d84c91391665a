import { Trans, useLingui } from '@lingui/react/macro';

/** Online calendars, by the names that the server has for them. Their own names are not translated. */
const ONLINE = { google: 'Google Calendar', outlook: 'Outlook.com', office365: 'Microsoft 365' };

/**
 * Links that add the appointment to a calendar. They are links to the server, which knows the browser by its
 * cookie, because phones open a calendar file from a link, but not one that a script has fetched.
 */
export function CalendarMenu({ bookingId }: { bookingId: string }) {
  const { t } = useLingui();
  const path = `/appointments/${bookingId}/calendar`;
  return (
    <details className="calendar-menu">
      <summary className="btn btn-primary">
        <Trans>Add to calendar</Trans>
      </summary>
      <ul className="list-unstyled mb-0">
        <li>
          <a href={`${path}.ics`}>
            <Trans>Apple Calendar and others (file)</Trans>
          </a>
        </li>
        {Object.entries(ONLINE).map(([name, label]) => (
          <li key={name}>
            <a href={`${path}/${name}`} target="_blank" rel="noreferrer">
              {label}
              <span className="visually-hidden"> {t`(opens in a new tab)`}</span>
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}
