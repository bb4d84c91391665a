import type { Bounds } from '../shared/layout';
import type { CalendarDay, Column, PlacedVisit } from '../shared/types';

/** Times snap to five minutes. */
const SNAP = 5;
const SHORTEST = 5;

/** Where a visit would be if it was dropped now. */
export interface Target {
  column: Column;
  minute: number;
  end_minute: number;
}

const snap = (minute: number) => Math.round(minute / SNAP) * SNAP;

/** The visit with its start at `minute`, within what is shown. */
export function movedTo(visit: PlacedVisit, column: Column, minute: number, { from, until }: Bounds): Target {
  const length = visit.end_minute - visit.minute;
  const start = Math.max(from, Math.min(snap(minute), until - length));
  return { column, minute: start, end_minute: start + length };
}

/** The visit with its end at `minute`. Its start stays. */
export function resizedTo(visit: PlacedVisit, column: Column, minute: number, { until }: Bounds): Target {
  const end = Math.min(snap(minute), until);
  return { column, minute: visit.minute, end_minute: Math.max(end, visit.minute + SHORTEST) };
}

/** The clinic's local time at a minute of a day, as `09:30`. A day with a clock change has marks for it. */
export function localTimeAt(day: CalendarDay, minute: number): string {
  const mark = day.marks.findLast((one) => one.minute <= minute);
  const [hours = 0, minutes = 0] = (mark?.local_time ?? '00:00').split(':').map(Number);
  const local = hours * 60 + minutes + minute - (mark?.minute ?? 0);
  return `${two(Math.floor(local / 60) % 24)}:${two(local % 60)}`;
}

const two = (number: number) => String(number).padStart(2, '0');

/** The instant of a minute of a day, in UTC. */
export const instantAt = (day: CalendarDay, minute: number) =>
  new Date(Date.parse(day.starts_at) + minute * 60_000).toISOString();
