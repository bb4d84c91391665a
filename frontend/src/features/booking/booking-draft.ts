import { deleteDraft, readDraft, saveDraft } from '@/shared/session/draft';
import type { Answers } from '@/shared/visit-types/answers';

const NAME = 'booking';

export interface BookingDraft {
  reason: string;
  answers: Answers;
  /** Id of a dependant; null for the user; undefined before they have chosen. */
  patient?: string | null;
}

/** The details entered so far. There is one draft, whichever time is chosen. */
export const readBookingDraft = (): BookingDraft => ({
  reason: '',
  answers: {},
  ...readDraft<BookingDraft>(NAME),
});

export const saveBookingDraft = (details: Partial<BookingDraft>) =>
  saveDraft(NAME, { ...readBookingDraft(), ...details });

export function saveAnswer(question: string, answer: string): void {
  saveBookingDraft({ answers: { ...readBookingDraft().answers, [question]: answer } });
}

export const deleteBookingDraft = () => deleteDraft(NAME);
