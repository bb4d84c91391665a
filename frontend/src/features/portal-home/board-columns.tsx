import { Trans, useLingui } from '@lingui/react/macro';
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
          <ul className="visit-list">
            {groups.over.map((visit) => (
              <VisitCard key={visit.id} visit={visit} {...cards} takesFocus={visit.id === movedId} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

interface ColumnProps {
  id: string;
  title: string;
  empty: string;
  visits: Visit[];
  now: number;
  showDoctor: boolean;
  movedId: string | undefined;
  step: (visit: Visit, step: StepName) => void;
}

function Column({ id, title, empty, visits, movedId, ...card }: ColumnProps) {
  return (
    <section className={`board-column is-${id}`} aria-labelledby={`board-${id}`}>
      <h2 id={`board-${id}`}>
        {title} <span className="board-count">{visits.length}</span>
      </h2>
      {visits.length === 0 ? (
        <p className="board-empty">{empty}</p>
      ) : (
        <ul className="visit-list">
          {visits.map((visit) => (
            <VisitCard key={visit.id} visit={visit} takesFocus={visit.id === movedId} {...card} />
          ))}
        </ul>
      )}
    </section>
  );
}
