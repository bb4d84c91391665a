import { type KeyboardEvent, type RefObject, useCallback, useLayoutEffect, useRef } from 'react';

const CELLS = 'a[data-cell]';

/**
 * Makes the links of a grid one stop of the Tab key: the arrow keys move among them, up and down within a column by
 * time, left and right to what is nearest in time in the next column. The link that had the focus keeps it after an
 * update.
 */
export function useRovingFocus(box: RefObject<HTMLElement | null>, content: unknown) {
  const current = useRef<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the links are new when the content is
  useLayoutEffect(() => {
    if (box.current) markOne(box.current, current.current);
  }, [box, content]);
  return useCallback(
    (event: KeyboardEvent) => {
      const from = (event.target as HTMLElement).closest<HTMLElement>(CELLS);
      const grid = box.current;
      if (!from || !grid || event.ctrlKey || event.metaKey || event.altKey) return;
      const to = neighbour(grid, from, event.key);
      if (!to) return;
      event.preventDefault();
      current.current = nameOf(to);
      markOne(grid, current.current);
      to.focus();
      to.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
    },
    [box],
  );
}

const nameOf = (cell: HTMLElement) => cell.id || cell.getAttribute('href');

function markOne(grid: HTMLElement, name: string | null): void {
  const cells = [...grid.querySelectorAll<HTMLElement>(CELLS)];
  const focused = cells.find((cell) => cell === document.activeElement);
  const chosen = focused ?? cells.find((cell) => nameOf(cell) === name) ?? firstVisit(cells);
  for (const cell of cells) cell.tabIndex = cell === chosen ? 0 : -1;
}

const firstVisit = (cells: HTMLElement[]) => cells.find(({ id }) => id) ?? cells[0];

const minuteOf = (cell: HTMLElement) => Number(cell.dataset.cell);

/** The cells of a column in reading order: by time, visits before free time. */
function cellsOf(column: Element | undefined): HTMLElement[] {
  const cells = [...(column?.querySelectorAll<HTMLElement>(CELLS) ?? [])];
  return cells.sort((a, b) => minuteOf(a) - minuteOf(b));
}

function neighbour(grid: HTMLElement, from: HTMLElement, key: string): HTMLElement | undefined {
  const columns = [...grid.querySelectorAll('[data-column]')];
  const here = columns.findIndex((column) => column.contains(from));
  const cells = cellsOf(columns[here]);
  const place = cells.indexOf(from);
  const forward = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  switch (key) {
    case 'ArrowDown':
      return cells[place + 1] ?? from;
    case 'ArrowUp':
      return cells[place - 1] ?? from;
    case 'Home':
      return cells[0];
    case 'End':
      return cells.at(-1);
    case 'ArrowLeft':
    case 'ArrowRight':
      return nearest(columns, here, key === forward ? 1 : -1, minuteOf(from)) ?? from;
    default:
      return undefined;
  }
}

/** The cell nearest in time in the next column that has any. */
function nearest(columns: Element[], here: number, step: number, minute: number): HTMLElement | undefined {
  for (let number = here + step; number >= 0 && number < columns.length; number += step) {
    const [closest] = cellsOf(columns[number]).sort(
      (a, b) => Math.abs(minuteOf(a) - minute) - Math.abs(minuteOf(b) - minute),
    );
    if (closest) return closest;
  }
  return undefined;
}
