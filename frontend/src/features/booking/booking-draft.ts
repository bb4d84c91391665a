import { dropDraft, keepDraft, readDraft } from '@/shared/session/draft';

const NAME = 'booking';

export interface BookingDraft {
  reason: string;
}

/** The details typed so far: one draft, whichever time is chosen in the end. */
export const readBookingDraft = (): BookingDraft => ({ reason: '', ...readDraft<BookingDraft>(NAME) });

export const keepBookingDraft = (draft: BookingDraft) => keepDraft(NAME, draft);

export const dropBookingDraft = () => dropDraft(NAME);
