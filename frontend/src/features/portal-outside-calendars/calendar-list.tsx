import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { OutsideCalendar } from '@/gen';
import { useAnnounce } from '@/shared/staff/announcements';
import { Icon } from '@/shared/staff/icon';
import { ErrorMessage } from '@/shared/ui/error-message';
import { StatusMessage } from '@/shared/ui/status-message';
import { useFocusOn } from '@/shared/ui/use-focus-on';
import { useRefreshCalendar, useRemoveCalendar } from './outside-calendars';

interface CalendarListProps {
  calendars: OutsideCalendar[];
  doctor?: string;
  /** How often the calendars are read. */
  minutes: number;
}

export function CalendarList({ calendars, doctor, minutes }: CalendarListProps) {
  const [status, setStatus] = useState<{ text: string }>();
  return (
    <>
      {status && <StatusMessage status={status} />}
      {calendars.length === 0 ? (
        <p className="portal-card">
          <Trans>No calendars have been added yet.</Trans>
        </p>
      ) : (
        <>
          <p className="text-body-secondary">
            <Trans>
              Each calendar is read every {minutes} minutes, and again before a booking if the copy is older
              than 10 minutes.
            </Trans>
          </p>
          <ul className="list-unstyled">
            {calendars.map((calendar) => (
              <li key={calendar.id}>
                <CalendarCard calendar={calendar} doctor={doctor} onRemoved={(text) => setStatus({ text })} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

interface CalendarCardProps {
  calendar: OutsideCalendar;
  doctor?: string;
  onRemoved: (text: string) => void;
}

function CalendarCard({ calendar, doctor, onRemoved }: CalendarCardProps) {
  const { t } = useLingui();
  const { id, name, kind, host, state } = calendar;
  return (
    <article className="portal-card" aria-labelledby={`calendar-${id}`}>
      <header className="outside-calendar-head">
        <div>
          <h3 id={`calendar-${id}`} className="h6 mb-1">
            {name}
          </h3>
          <p className="text-body-secondary small mb-0">
            {kind === 'caldav' ? t`CalDAV calendar` : t`Calendar link`}, {host}
          </p>
        </div>
        <State failing={state === 'failing'} />
      </header>
      <p className="mb-1">
        <Age minutes={calendar.age_minutes} />
        {'. '}
        <Plural
          value={calendar.busy_count}
          one="# busy time in the next two weeks."
          other="# busy times in the next two weeks."
        />
      </p>
      {state === 'failing' && (
        <p className="outside-calendar-problem">
          {calendar.problem_text}{' '}
          {calendar.problem === 'enter_again' && (
            <Trans>Add the calendar below with the same name, “{name}”.</Trans>
          )}{' '}
          <Trans>Until we can read it, the busy times that we read last stay blocked.</Trans>
        </p>
      )}
      <Actions calendar={calendar} doctor={doctor} onRemoved={onRemoved} />
    </article>
  );
}

/** Buttons that read the calendar now, or remove it after a confirmation. */
function Actions({ calendar: { id, name, problem }, doctor, onRemoved }: CalendarCardProps) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const [asked, setAsked] = useState(false);
  const refresh = useRefreshCalendar(doctor);
  if (asked) return <AskToRemove id={id} name={name} onKept={() => setAsked(false)} onRemoved={onRemoved} />;
  const readNow = () =>
    refresh.mutate(id, {
      onSuccess: () => announce({ text: t`“${name}” has been read.` }),
      onError: () => announce({ text: t`“${name}” could not be read.` }),
    });
  return (
    <div className="outside-calendar-actions">
      {problem !== 'enter_again' && (
        <button
          type="button"
          className="btn btn-outline-primary"
          aria-label={t`Read now: “${name}”`}
          onClick={() => !refresh.isPending && readNow()}
        >
          {refresh.isPending ? <Trans>Reading…</Trans> : <Trans>Read now</Trans>}
        </button>
      )}
      <button
        type="button"
        className="btn btn-outline-danger"
        aria-label={t`Remove: “${name}”`}
        onClick={() => setAsked(true)}
      >
        <Trans>Remove</Trans>
      </button>
    </div>
  );
}

interface AskToRemoveProps {
  id: string;
  name: string;
  onKept: () => void;
  onRemoved: (text: string) => void;
}

function AskToRemove({ id, name, onKept, onRemoved }: AskToRemoveProps) {
  const { t } = useLingui();
  const remove = useRemoveCalendar();
  const question = useFocusOn<HTMLLegendElement>(id);
  const removeNow = () => remove.mutate(id, { onSuccess: () => onRemoved(t`“${name}” has been removed.`) });
  return (
    <fieldset className="outside-calendar-actions">
      <legend ref={question} tabIndex={-1} className="fs-6 mb-2">
        <Trans>Remove “{name}”? Its busy times can then be booked again.</Trans>
      </legend>
      {remove.isError && <ErrorMessage error={remove.error} />}
      <button type="button" className="btn btn-danger" onClick={() => !remove.isPending && removeNow()}>
        {remove.isPending ? <Trans>Removing…</Trans> : <Trans>Remove the calendar</Trans>}
      </button>
      <button type="button" className="btn btn-outline-primary" onClick={onKept}>
        <Trans>Keep it</Trans>
      </button>
    </fieldset>
  );
}

function State({ failing }: { failing: boolean }) {
  return failing ? (
    <span className="outside-calendar-state is-failing">
      <Icon name="warning" /> <Trans>Cannot be read</Trans>
    </span>
  ) : (
    <span className="outside-calendar-state">
      <Icon name="check" /> <Trans>Works</Trans>
    </span>
  );
}

function Age({ minutes }: { minutes: number | null }) {
  if (minutes === null) return <Trans>Not read yet</Trans>;
  if (minutes < 1) return <Trans>Read less than a minute ago</Trans>;
  if (minutes < 120) return <Plural value={minutes} one="Read # minute ago" other="Read # minutes ago" />;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return <Plural value={hours} one="Read # hour ago" other="Read # hours ago" />;
  return <Plural value={Math.floor(hours / 24)} one="Read # day ago" other="Read # days ago" />;
}
