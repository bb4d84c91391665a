import type { Column, PlacedVisit } from './types';

/** How often the line of the present time moves. */
export const CLOCK_STEP_MS = 20_000;

/** The minutes since the day began; null on another day. */
export function minuteNow(day: { starts_at: string; ends_at: string }, now: number): number | null {
  const [start, end] = [Date.parse(day.starts_at), Date.parse(day.ends_at)];
  return start <= now && now < end ? (now - start) / 60_000 : null;
}

interface Lane {
  lane: number;
  /** How many lanes share the width. */
  lanes: number;
}

interface Span {
  minute: number;
  end_minute: number;
}

/**
 * Puts visits that overlap side by side: returns the lane of each, in the order given. A visit takes the first lane
 * that is free, and visits that overlap directly or through others share the width equally.
 */
export function arrange(visits: readonly Span[]): Lane[] {
  const order = visits
    .map((_, number) => number)
    .sort(
      (a, b) =>
        at(visits, a).minute - at(visits, b).minute || at(visits, a).end_minute - at(visits, b).end_minute,
    );
  const lanes: Lane[] = visits.map(() => ({ lane: 0, lanes: 1 }));
  let group: number[] = [];
  let ends: number[] = [];
  const close = () => {
    for (const number of group) at(lanes, number).lanes = ends.length;
    group = [];
    ends = [];
  };
  for (const number of order) {
    const { minute, end_minute } = at(visits, number);
    if (ends.every((end) => end <= minute)) close();
    const free = ends.findIndex((end) => end <= minute);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = end_minute;
    at(lanes, number).lane = lane;
    group.push(number);
  }
  close();
  return lanes;
}

function at<T>(list: readonly T[], number: number): T {
  return list[number] as T;
}

export interface Bounds {
  from: number;
  until: number;
}

const HOUR = 60;
const [USUAL_OPENING, USUAL_CLOSING] = ['08:00', '18:00'];

/** The part of the day that the columns show: full hours, at least 8:00 to 18:00, with all content. */
export function boundsOf(columns: readonly Column[]): Bounds {
  const longest = Math.max(...columns.map(({ day }) => day.minutes), 0);
  const spans: Span[] = columns.flatMap(({ content }) => [
    ...content.hours,
    ...content.free,
    ...content.blocked,
    ...content.visits.map(({ busy_minute, busy_end_minute }) => ({
      minute: busy_minute,
      end_minute: busy_end_minute,
    })),
  ]);
  const usual = (time: string) =>
    columns
      .flatMap(({ day }) => day.marks.filter((mark) => mark.local_time === time))
      .map(({ minute }) => minute);
  const from = Math.min(...usual(USUAL_OPENING), ...spans.map(({ minute }) => minute));
  const until = Math.max(...usual(USUAL_CLOSING), ...spans.map(({ end_minute }) => end_minute));
  return {
    from: Math.max(0, Math.floor(from / HOUR) * HOUR),
    until: Math.min(longest, Math.ceil(until / HOUR) * HOUR),
  };
}

/** The height of an hour in rem, so that the shortest visit or slot has room for a line of text. */
export function hourHeight(columns: readonly Column[]): number {
  const lengths = columns.flatMap(({ content }) => [
    ...content.visits.map(({ minute, end_minute }) => end_minute - minute),
    ...content.free.flatMap(({ slots }) => slots.map(({ minute, end_minute }) => end_minute - minute)),
  ]);
  const shortest = Math.min(30, ...lengths.filter((length) => length > 0));
  return Math.min(24, Math.max(7, (1.5 * HOUR) / shortest));
}

/** Cuts a period at the ends of what is shown. */
export function clip({ minute, end_minute }: Span, { from, until }: Bounds): Span {
  return { minute: Math.max(minute, from), end_minute: Math.min(end_minute, until) };
}

/** Visits in the order in which they are read: by start, then end. */
export const inOrder = (visits: readonly PlacedVisit[]): PlacedVisit[] =>
  [...visits].sort((a, b) => a.minute - b.minute || a.end_minute - b.end_minute);
