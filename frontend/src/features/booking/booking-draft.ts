import type { VisitType } from '@/shared/api/types';
import { dropDraft, keepDraft, readDraft } from '@/shared/session/draft';

const NAME = 'booking';

/** What was answered, by the question's id. */
export type Answers = Record<string, string>;

export interface BookingDraft {
  reason: string;
  answers: Answers;
  /** Of whom one cares for; null for oneself, and not there before it was asked. */
  patient?: string | null;
}

/** The details typed so far: one draft, whichever time is chosen in the end. */
export const readBookingDraft = (): BookingDraft => ({
  reason: '',
  answers: {},
  ...readDraft<BookingDraft>(NAME),
});

export const keepBookingDraft = (details: Partial<BookingDraft>) =>
  keepDraft(NAME, { ...readBookingDraft(), ...details });

export function keepAnswer(question: string, answer: string): void {
  keepBookingDraft({ answers: { ...readBookingDraft().answers, [question]: answer } });
}

/** Those of the draft's answers that this visit asks for. */
export function answersTo(visitType: VisitType | null, { answers }: BookingDraft): Answers {
  const asked = (visitType?.questions ?? []).map(({ id }) => [id, (answers[id] ?? '').trim()]);
  return Object.fromEntries(asked.filter(([, answer]) => answer));
}

/** What must be answered and is not. */
export const unanswered = (visitType: VisitType | null, answers: Answers) =>
  (visitType?.questions ?? []).filter(({ id, is_required }) => is_required && !answers[id]);

export const dropBookingDraft = () => dropDraft(NAME);
