import {
  type PointerEvent as ReactPointerEvent,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import type { Bounds } from '../shared/layout';
import type { Column, PlacedVisit } from '../shared/types';
import { movedTo, resizedTo, type Target } from './drag-target';
import { followPointer } from './follow-pointer';
import { useDropVisit } from './use-drop-visit';

const MOVABLE = ['PENDING', 'CONFIRMED', 'CHECKED_IN'];
const RESIZABLE = [...MOVABLE, 'IN_PROGRESS'];
/** The pixels at the bottom of a visit that change its length. */
const EDGE = 9;
const SHORTEST_WITH_EDGE = 28;

export interface Drag {
  visit: PlacedVisit;
  target: Target;
  isSaving: boolean;
}

/**
 * Moves visits with mouse or finger: to another time, doctor or day, or with their lower edge to another length.
 * The form at `/portal/bookings/:id/move` does the same without dragging.
 */
export function useDragVisit(box: RefObject<HTMLElement | null>, columns: Column[], bounds: Bounds) {
  const drop = useDropVisit();
  const [drag, setDrag] = useState<Drag | null>(null);
  const latest = useRef({ columns, bounds, drop });
  latest.current = { columns, bounds, drop };
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);
  const begin = useCallback(
    (event: ReactPointerEvent) => {
      const grid = box.current;
      const link = (event.target as Element).closest<HTMLElement>('a.visit');
      const found = link && findVisit(latest.current.columns, link.id);
      if (!grid || !link || !found || event.button !== 0 || !event.isPrimary) return;
      const rect = link.getBoundingClientRect();
      const isResize = rect.height >= SHORTEST_WITH_EDGE && rect.bottom - event.clientY <= EDGE;
      const { visit, column } = found;
      if (!(isResize ? RESIZABLE : MOVABLE).includes(visit.booking.status)) return;
      const grabbedAt = minuteAt(grid, columnOf(grid, event.clientX), event.clientY, latest.current.bounds);
      const offset = grabbedAt - (isResize ? visit.end_minute : visit.minute);
      const targetAt = (x: number, y: number): Target | null => {
        const { columns, bounds } = latest.current;
        const number = isResize ? columns.findIndex(({ key }) => key === column.key) : columnOf(grid, x);
        const under = columns[number];
        if (!under) return null;
        const minute = minuteAt(grid, number, y, bounds);
        return isResize
          ? resizedTo(visit, under, minute - offset, bounds)
          : movedTo(visit, under, minute - offset, bounds);
      };
      let target: Target | null = null;
      stop.current = followPointer(event.nativeEvent, grid, {
        onMove: (x, y) => {
          target = targetAt(x, y) ?? target;
          link.classList.add('is-dragged');
          if (target) setDrag({ visit, target, isSaving: false });
        },
        onEnd: (isDropped) => {
          stop.current = null;
          const end = () => {
            link.classList.remove('is-dragged');
            setDrag(null);
          };
          if (!isDropped || !target || isUnchanged(visit, column, target)) return end();
          setDrag({ visit, target, isSaving: true });
          void latest.current.drop(visit, target).finally(end);
        },
      });
    },
    [box],
  );
  return { drag, begin };
}

function findVisit(columns: Column[], linkId: string): { visit: PlacedVisit; column: Column } | undefined {
  for (const column of columns) {
    const visit = column.content.visits.find(({ booking }) => `visit-${booking.id}` === linkId);
    if (visit) return { visit, column };
  }
  return undefined;
}

const isUnchanged = (visit: PlacedVisit, from: Column, { column, minute, end_minute }: Target) =>
  column.key === from.key && minute === visit.minute && end_minute === visit.end_minute;

const columnElements = (grid: HTMLElement) => [...grid.querySelectorAll<HTMLElement>('[data-column]')];

/** The number of the column at a place of the window; -1 beside the columns. */
const columnOf = (grid: HTMLElement, x: number) =>
  columnElements(grid).findIndex((column) => {
    const { left, right } = column.getBoundingClientRect();
    return left <= x && x < right;
  });

/** The minute of the day at a place of the window. */
function minuteAt(grid: HTMLElement, column: number, y: number, { from, until }: Bounds): number {
  const rect = columnElements(grid)[Math.max(column, 0)]?.getBoundingClientRect();
  return rect ? from + ((y - rect.top) / rect.height) * (until - from) : from;
}
