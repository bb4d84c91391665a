import { dropDraft, keepDraft, readDraft } from '@/shared/session/draft';
import type { Answers } from '@/shared/visit-types/answers';

const NAME = 'booking';

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

export const dropBookingDraft = () => dropDraft(NAME);
