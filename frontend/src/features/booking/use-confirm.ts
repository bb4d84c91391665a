import { useRef } from 'react';
import type { Booking } from '@/shared/api/types';
import { useElapsed } from '@/shared/ui/use-elapsed';
import { type Order, useCreateBooking } from './create-booking';

const STILL_TRYING_AFTER_S = 3;
const OFFER_RETRY_AFTER_S = 10;

export type Progress = 'idle' | 'sending' | 'still trying' | 'slow';

/** Confirming, as a person sees it; pressing again gives up the wait and repeats the same request. */
export function useConfirm() {
  const booking = useCreateBooking();
  const sending = useRef<AbortController | null>(null);
  const seconds = useElapsed(booking.isPending ? booking.submittedAt : null);
  const progress: Progress = !booking.isPending
    ? 'idle'
    : seconds >= OFFER_RETRY_AFTER_S
      ? 'slow'
      : seconds >= STILL_TRYING_AFTER_S
        ? 'still trying'
        : 'sending';
  const confirm = async (order: Order): Promise<Booking | null> => {
    if (booking.isPending && progress !== 'slow') return null;
    sending.current?.abort();
    const attempt = new AbortController();
    sending.current = attempt;
    try {
      return await booking.mutateAsync({ order, signal: attempt.signal });
    } catch {
      // Shown from `error`; an abandoned attempt has none of its own.
      return null;
    }
  };
  return { confirm, progress, error: booking.error };
}
