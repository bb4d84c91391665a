import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { TimesPreview } from '@/gen';
import { Icon } from '@/shared/staff/icon';
import { useDebounced } from '@/shared/staff/use-debounced';
import { shortDate } from '@/shared/times/format';
import { errorDetails } from '@/shared/ui/error-text';
import type { HoursDraft } from './hours-draft';
import { previewTimesQuery } from './working-hours';

const PAUSE_MS = 350;

/** The preview of a draft. Hours with errors are not sent, and the last preview is shown. */
export function usePreviewTimes(doctor: string | undefined, draft: HoursDraft, isValid: boolean) {
  const hours = useDebounced(isValid ? draft.hours : null, PAUSE_MS);
  return useQuery({
    ...previewTimesQuery(doctor, hours ?? [], draft.startsOn || undefined),
    enabled: hours !== null,
  });
}

interface PreviewTimesProps {
  query: ReturnType<typeof usePreviewTimes>;
  draft: HoursDraft;
  isValid: boolean;
}

/** The times of the next two weeks, or of the first two weeks of the changes, before and after them. */
export function PreviewTimes({ query, draft, isValid }: PreviewTimesProps) {
  const { t } = useLingui();
  return (
    <aside className="portal-card hours-preview" aria-labelledby="preview-heading">
      <h2 id="preview-heading" className="h5">
        {draft.startsOn ? (
          <Trans>The first two weeks of the change</Trans>
        ) : (
          <Trans>The next two weeks</Trans>
        )}
      </h2>
      {query.isError && <p className="field-error">{errorDetails(query.error)}</p>}
      <p role="status" className="hours-total">
        {query.data && <Total preview={query.data} stale={!isValid} />}
      </p>
      {query.data ? (
        <Weeks preview={query.data} />
      ) : (
        <p role="status">{!query.isError && t`Counting the times…`}</p>
      )}
    </aside>
  );
}

export function Total({ preview: { before, after }, stale }: { preview: TimesPreview; stale: boolean }) {
  if (stale) return <Trans>Correct the hours to see their times.</Trans>;
  if (before === after) return <Trans>{after} times in two weeks</Trans>;
  return (
    <Trans>
      {before} → {after} times in two weeks
    </Trans>
  );
}

function Weeks({ preview: { days } }: { preview: TimesPreview }) {
  const { t } = useLingui();
  const weeks = [days.slice(0, 7), days.slice(7)];
  return weeks.map((week) => {
    const first = week[0]?.day;
    if (!first) return null;
    const hasClockChange = week.some(({ day }) => day.clock_changes.length > 0);
    return (
      <section key={first.date} className="preview-week">
        <h3 className="h6">
          <Trans>From {shortDate(first.date)}</Trans>
          {hasClockChange && (
            <span className="preview-flag">
              <Icon name="warning" />
              {t`The clocks change`}
            </span>
          )}
        </h3>
        <ul className="list-unstyled preview-days">
          {week.map((row) => (
            <PreviewDay key={row.day.date} row={row} />
          ))}
        </ul>
      </section>
    );
  });
}

function PreviewDay({ row: { day, before } }: { row: TimesPreview['days'][number] }) {
  const { t } = useLingui();
  const changed = before !== day.times;
  const notes = [
    day.holiday,
    day.is_exception && t`different hours on this date`,
    day.time_off.length > 0 && t`time off`,
    ...day.clock_changes.map(({ minutes }) =>
      minutes > 0 ? t`clocks go forward` : t`clocks go back, the hour is repeated`,
    ),
  ].filter(Boolean);
  return (
    <li className={changed ? 'preview-day is-changed' : 'preview-day'}>
      <span>
        {shortDate(day.date)} <abbr title={t`${day.week} week`}>{day.week}</abbr>
      </span>
      <span className="preview-count">
        {changed ? (
          <Trans>
            {before} → <strong>{day.times} times</strong>
          </Trans>
        ) : (
          <Trans>{day.times} times</Trans>
        )}
      </span>
      {notes.length > 0 && <span className="preview-note">{notes.join(', ')}</span>}
    </li>
  );
}
