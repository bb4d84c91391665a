import { Trans } from '@lingui/react/macro';
import { clockTime } from '@/shared/times/format';
import type { Bounds } from '../shared/layout';
import { position } from '../shared/position';
import { localTimeAt } from './drag-target';
import type { Drag } from './use-drag-visit';

/** The visit that is dragged, at its new time. */
export function DragGhost({ drag: { visit, target, isSaving }, bounds }: { drag: Drag; bounds: Bounds }) {
  const { day } = target.column;
  const [start, end] = [target.minute, target.end_minute].map((minute) =>
    clockTime(localTimeAt(day, minute)),
  );
  return (
    <div className="drag-ghost" style={position(target, bounds)} aria-hidden="true">
      <strong>
        {start} – {end}
      </strong>
      <span>{isSaving ? <Trans>Moving…</Trans> : visit.booking.patient?.name}</span>
    </div>
  );
}
