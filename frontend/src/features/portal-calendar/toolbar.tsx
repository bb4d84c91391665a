import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { Icon } from '@/shared/staff/icon';
import { useShortcuts } from '@/shared/staff/shortcuts';
import { addDays } from '@/shared/times/dates';
import { fullDate } from '@/shared/times/format';
import { BlockLink } from './moving/block-link';
import type { CalendarUrl, View } from './shared/calendar-url';
import { weekOf } from './shared/calendar-url';
import { dateRange } from './shared/date-range';

/** Today, the days before and after, the date, and the view. `children` choose the doctors. */
export function Toolbar({ url, children }: { url: CalendarUrl; children?: ReactNode }) {
  const { t } = useLingui();
  const { view, date, today, change } = url;
  const step = view === 'week' ? 7 : 1;
  const move = (days: number) => change({ date: addDays(date, days) });
  useShortcuts({
    t: () => change({ date: today }),
    d: () => change({ view: 'day' }),
    w: () => change({ view: 'week' }),
    l: () => change({ view: 'list' }),
    ArrowLeft: () => move(isRightToLeft() ? step : -step),
    ArrowRight: () => move(isRightToLeft() ? -step : step),
  });
  const isWeek = view === 'week';
  return (
    <div className="calendar-toolbar">
      <div className="calendar-days">
        <button type="button" className="btn btn-outline-primary" onClick={() => change({ date: today })}>
          <Trans>Today</Trans>
        </button>
        <button
          type="button"
          className="btn btn-outline-primary calendar-step"
          aria-label={isWeek ? t`Previous week` : t`Previous day`}
          onClick={() => move(-step)}
        >
          <Icon name="previous" />
        </button>
        <button
          type="button"
          className="btn btn-outline-primary calendar-step"
          aria-label={isWeek ? t`Next week` : t`Next day`}
          onClick={() => move(step)}
        >
          <Icon name="next" />
        </button>
        <input
          type="date"
          className="form-control calendar-date"
          aria-label={t`Date`}
          value={date}
          onChange={(event) => event.target.value && change({ date: event.target.value })}
        />
      </div>
      <h2 className="calendar-title" aria-live="polite">
        {title(view, date)}
        {date === today && !isWeek && (
          <span className="calendar-today">
            <Trans>Today</Trans>
          </span>
        )}
      </h2>
      {children}
      <BlockLink date={date} doctor={url.doctors[0]} />
      <fieldset className="calendar-views">
        <legend className="visually-hidden">
          <Trans>View</Trans>
        </legend>
        <ViewButton view="day" url={url} />
        <ViewButton view="week" url={url} />
        <ViewButton view="list" url={url} />
        <button
          type="button"
          className="btn btn-outline-primary calendar-print"
          aria-label={t`Print`}
          title={t`Print`}
          onClick={() => window.print()}
        >
          <Icon name="print" />
        </button>
      </fieldset>
    </div>
  );
}

function ViewButton({ view, url }: { view: View; url: CalendarUrl }) {
  const { t } = useLingui();
  const names: Record<View, string> = { day: t`Day`, week: t`Week`, list: t`List` };
  return (
    <button
      type="button"
      className="btn btn-outline-primary calendar-view"
      aria-pressed={url.view === view}
      onClick={() => url.change({ view })}
    >
      {names[view]}
    </button>
  );
}

function title(view: View, date: string): string {
  if (view !== 'week') return fullDate(date);
  const week = weekOf(date);
  return dateRange(week[0] ?? date, week[6] ?? date);
}

const isRightToLeft = () => document.documentElement.dir === 'rtl';
