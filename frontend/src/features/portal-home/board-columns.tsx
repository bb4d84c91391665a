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
}

/** The visits by stage: side by side where there is room, below each other elsewhere. */
export function BoardColumns({ visits, now, showDoctor }: BoardColumnsProps) {
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
        <Column
          id="expected"
          title={t`Expected`}
          visits={[...groups.late, ...groups.expected]}
          empty={t`Nobody else is expected.`}
          {...cards}
        />
        <Column
          id="arrived"
          title={t`Arrived`}
          visits={groups.arrived}
          empty={t`Nobody is waiting.`}
          {...cards}
        />
        <Column
          id="in-room"
          title={t`With the doctor`}
          visits={groups['in-room']}
          empty={t`No visit is in progress.`}
          {...cards}
        />
      </div>
      {groups.over.length > 0 && (
        <details className="portal-card board-over">
          <summary>
            <h2>
              <Plural value={groups.over.length} one="# visit is over" other="# visits are over" />
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
    <section className="board-column" aria-labelledby={`board-${id}`}>
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
