import { dropDraft, keepDraft, readDraft } from '@/shared/session/draft';

const NAME = 'booking';

export interface BookingDraft {
  reason: string;
  /** Of whom one cares for; null for oneself, and not there before it was asked. */
  patient?: string | null;
}

/** The details typed so far: one draft, whichever time is chosen in the end. */
export const readBookingDraft = (): BookingDraft => ({ reason: '', ...readDraft<BookingDraft>(NAME) });

export const keepBookingDraft = (details: Partial<BookingDraft>) =>
  keepDraft(NAME, { ...readBookingDraft(), ...details });

export const dropBookingDraft = () => dropDraft(NAME);
