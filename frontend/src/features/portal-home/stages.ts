import type { Visit } from './board';

/** Where a patient is on the day of the visit. */
type Stage = 'late' | 'expected' | 'arrived' | 'in-room' | 'over';

const MINUTE_MS = 60_000;
/** A patient may be checked in from four hours before the visit on: the rule of the server. */
const CHECK_IN_OPENS_MS = 4 * 60 * MINUTE_MS;
/** From how many minutes after the start a patient counts as late. */
const LATE_AFTER = 1;

/** Returns the stage of a visit at `now` (milliseconds, the server's clock). */
export function stageOf({ status, starts_at }: Pick<Visit, 'status' | 'starts_at'>, now: number): Stage {
  if (status === 'CHECKED_IN') return 'arrived';
  if (status === 'IN_PROGRESS') return 'in-room';
  if (status !== 'CONFIRMED' && status !== 'PENDING') return 'over';
  return minutesSince(starts_at, now) >= LATE_AFTER ? 'late' : 'expected';
}

/** Whole minutes from an instant to `now`; negative if it is still to come. */
export const minutesSince = (instant: string, now: number) =>
  Math.floor((now - Date.parse(instant)) / MINUTE_MS);

/** Whether staff may mark the patient as arrived. */
export const canArrive = ({ starts_at }: Pick<Visit, 'starts_at'>, now: number) =>
  Date.parse(starts_at) - now <= CHECK_IN_OPENS_MS;

/** Groups visits by their stage. Among arrived patients, the one who has waited longest comes first. */
export function byStage(visits: Visit[], now: number): Record<Stage, Visit[]> {
  const groups: Record<Stage, Visit[]> = { late: [], expected: [], arrived: [], 'in-room': [], over: [] };
  for (const visit of visits) groups[stageOf(visit, now)].push(visit);
  groups.arrived.sort((a, b) => (a.arrived_at ?? '').localeCompare(b.arrived_at ?? ''));
  return groups;
}

/** A doctor's next visit: of a patient who has arrived, else of one who is expected, else of one who is late. */
export function nextVisit(visits: Visit[], now: number): Visit | undefined {
  const { arrived, late, expected } = byStage(visits, now);
  const waiting = [...arrived].sort((a, b) => a.starts_at.localeCompare(b.starts_at));
  return waiting[0] ?? expected[0] ?? late[0];
}
