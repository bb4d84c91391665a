import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Choice } from '@/shared/forms/choice';
import { weekdayName } from '@/shared/times/weekdays';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { hoursText } from '../schedule/clock-text';
import { useWholePageStep } from '../schedule/whole-page-step';
import type { HoursDraft } from './hours-draft';
import { type ChangedDay, changedDays, mergedWeek, type Side } from './merge';
import { type Interval, ofDay, type StoredHours } from './week';
import { workingHoursQuery } from './working-hours';

interface ConflictProps {
  doctor: string | undefined;
  draft: HoursDraft;
  use: (theirs: StoredHours, week: Interval[]) => void;
}

/** Shows both changes and lets the user choose, after somebody else has saved the hours meanwhile. */
export function Conflict({ doctor, draft, use }: ConflictProps) {
  const { t } = useLingui();
  useWholePageStep();
  const stored = useQuery({ ...workingHoursQuery(doctor), refetchOnMount: 'always' });
  return (
    <div className="portal-narrow">
      <PageHeading title={t`Someone else has changed these hours`} />
      <p>
        <Trans>
          They saved their changes while you were editing. Your changes are not lost. Choose which changes to
          use, then save.
        </Trans>
      </p>
      {stored.isFetching ? (
        <p role="status">
          <Trans>Loading the other change…</Trans>
        </p>
      ) : (
        <QueryView query={stored}>
          {(theirs) => <Comparison draft={draft} theirs={theirs} use={use} />}
        </QueryView>
      )}
    </div>
  );
}

interface ComparisonProps {
  draft: HoursDraft;
  theirs: StoredHours;
  use: ConflictProps['use'];
}

function Comparison({ draft, theirs, use }: ComparisonProps) {
  const { t } = useLingui();
  const [choices, setChoices] = useState<Partial<Record<number, Side>>>({});
  const mine = draft.changed;
  const other = draft.current(theirs);
  const changes = changedDays(draft.base, mine, other);
  const undecided = changes.filter(({ weekday, by }) => by === 'both' && !choices[weekday]);
  return (
    <>
      {changes.map((change) => (
        <DayChange
          key={change.weekday}
          change={change}
          mine={ofDay(mine, change.weekday)}
          theirs={ofDay(other, change.weekday)}
          choice={choices[change.weekday]}
          choose={(side) => setChoices({ ...choices, [change.weekday]: side })}
        />
      ))}
      {undecided.length > 0 && (
        <p role="status">
          <Trans>
            Choose a version for each day that both of you have changed, or use one version for all days.
          </Trans>
        </p>
      )}
      <div className="hours-actions">
        {undecided.length === 0 && (
          <button
            type="button"
            className="btn btn-primary"
            onClick={() => use(theirs, mergedWeek(mine, other, changes, choices))}
          >
            <Trans>Use both changes</Trans>
          </button>
        )}
        <button type="button" className="btn btn-outline-primary" onClick={() => use(theirs, mine)}>
          {t`Use only mine`}
        </button>
        <button type="button" className="btn btn-outline-primary" onClick={() => use(theirs, other)}>
          {t`Use only theirs`}
        </button>
      </div>
    </>
  );
}

interface DayChangeProps {
  change: ChangedDay;
  mine: Interval[];
  theirs: Interval[];
  choice: Side | undefined;
  choose: (side: Side) => void;
}

function DayChange({ change: { weekday, by }, mine, theirs, choice, choose }: DayChangeProps) {
  const { t } = useLingui();
  const day = weekdayName(weekday);
  if (by !== 'both') {
    return (
      <p className="portal-card">
        <strong>{day}</strong>, {by === 'mine' ? t`changed by you` : t`changed by them`}:{' '}
        <Spans rows={by === 'mine' ? mine : theirs} />
      </p>
    );
  }
  const sides = [
    { side: 'theirs' as const, label: t`Theirs`, rows: theirs },
    { side: 'mine' as const, label: t`Yours`, rows: mine },
  ];
  return (
    <fieldset className="portal-card">
      <legend className="h6">{t`${day}, changed by both`}</legend>
      {sides.map(({ side, label, rows }) => (
        <Choice
          key={side}
          id={`merge-${weekday}-${side}`}
          name={`merge-${weekday}`}
          checked={choice === side}
          onChange={() => choose(side)}
        >
          {label}: <Spans rows={rows} />
        </Choice>
      ))}
    </fieldset>
  );
}

function Spans({ rows }: { rows: Interval[] }) {
  const { t } = useLingui();
  if (rows.length === 0) return t`no hours`;
  return rows
    .map(({ opens, closes, slotMinutes, weeks, validFrom }) =>
      [
        hoursText(opens, closes),
        t`${slotMinutes} min`,
        weeks !== 'every' && t`${weeks} weeks`,
        validFrom && t`from ${validFrom}`,
      ]
        .filter(Boolean)
        .join(' '),
    )
    .join(', ');
}
