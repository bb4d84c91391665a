import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { StepName } from '@/shared/staff/booking-steps';
import type { Visit } from './board';
import { byStage } from './stages';
import { useStep } from './steps';
import { VisitCard } from './visit-card';

interface BoardColumnsProps {
  visits: Visit[];
  now: number;
  showDoctor: boolean;
  /** On other days, stages without visits are left out. */
  isToday: boolean;
}

/** The visits by stage: side by side where there is room, below each other elsewhere. */
export function BoardColumns({ visits, now, showDoctor, isToday }: BoardColumnsProps) {
  const { t } = useLingui();
  const [movedId, setMovedId] = useState<string>();
  const step = useStep({ onMoved: setMovedId });
  const groups = byStage(visits, now);
  const cards = {
    now,
    showDoctor,
    movedId,
    step: (visit: Visit, name: StepName) => step.mutate({ visit, step: name }),
  };
  const columns = [
    {
      id: 'expected',
      title: t`Expected`,
      empty: t`Nobody else is expected.`,
      visits: [...groups.late, ...groups.expected],
    },
    { id: 'arrived', title: t`Arrived`, empty: t`Nobody is waiting.`, visits: groups.arrived },
    {
      id: 'in-room',
      title: t`With the doctor`,
      empty: t`No visit is in progress.`,
      visits: groups['in-room'],
    },
  ];
  if (visits.length === 0) {
    return (
      <p className="portal-card">
        <Trans>There are no visits on this day.</Trans>
      </p>
    );
  }
  return (
    <>
      <div className="board">
        {columns.map(
          ({ id, title, empty, visits: shown }) =>
            (isToday || shown.length > 0) && (
              <Column key={id} id={id} title={title} empty={empty} visits={shown} {...cards} />
            ),
        )}
      </div>
      {groups.over.length > 0 && (
        <details className="portal-card board-over" open={groups.over.length === visits.length}>
          <summary>
            <h2>
              {t`Completed, missed or cancelled`} <span className="board-count">{groups.over.length}</span>
            </h2>
          </summary>
          <VisitList visits={groups.over} {...cards} />
        </details>
      )}
    </>
  );
}

interface VisitListProps {
  visits: Visit[];
  now: number;
  showDoctor: boolean;
  movedId: string | undefined;
  step: (visit: Visit, step: StepName) => void;
}

/** How many visits are shown at first, and with each further step: a large clinic has thousands a day. */
const BATCH = 50;

/** The first visits, always with the one that was just moved, and a button that shows more. */
function VisitList({ visits, movedId, ...card }: VisitListProps) {
  const [batches, setBatches] = useState(1);
  const moved = visits.findIndex(({ id }) => id === movedId);
  const count = Math.max(batches * BATCH, moved + 1);
  const left = visits.length - count;
  // The first visit that the button has shown takes the focus, since the button moves on or vanishes.
  const [focused, setFocused] = useState<string>();
  return (
    <>
      <ul className="visit-list">
        {visits.slice(0, count).map((visit) => (
          <VisitCard
            key={visit.id}
            visit={visit}
            takesFocus={visit.id === movedId || visit.id === focused}
            {...card}
          />
        ))}
      </ul>
      {left > 0 && (
        <button
          type="button"
          className="btn btn-outline-primary board-more"
          onClick={() => {
            setFocused(visits[count]?.id);
            setBatches(Math.ceil(count / BATCH) + 1);
          }}
        >
          <Plural value={left} one="Show # more visit" other="Show more (# left)" />
        </button>
      )}
    </>
  );
}

interface ColumnProps extends VisitListProps {
  id: string;
  title: string;
  empty: string;
}

function Column({ id, title, empty, visits, ...list }: ColumnProps) {
  return (
    <section className={`board-column is-${id}`} aria-labelledby={`board-${id}`}>
      <h2 id={`board-${id}`}>
        {title} <span className="board-count">{visits.length}</span>
      </h2>
      {visits.length === 0 ? <p className="board-empty">{empty}</p> : <VisitList visits={visits} {...list} />}
    </section>
  );
}
