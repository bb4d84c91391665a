import { useRef } from 'react';
import type { Booking } from '@/shared/api/types';
import { useElapsed } from '@/shared/ui/use-elapsed';
import { type BookingOrder, useCreateBooking } from './create-booking';

const STILL_TRYING_AFTER_S = 3;
const OFFER_RETRY_AFTER_S = 10;

export type Progress = 'idle' | 'sending' | 'still trying' | 'slow';

/**
 * Confirms a booking and reports progress. Trying again aborts the request and repeats it with the same
 * key.
 */
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
  const confirm = async (order: BookingOrder): Promise<Booking | null> => {
    if (booking.isPending && progress !== 'slow') return null;
    sending.current?.abort();
    const controller = new AbortController();
    sending.current = controller;
    try {
      return await booking.mutateAsync({ order, signal: controller.signal });
    } catch {
      // The component shows `error`. An aborted request has none.
      return null;
    }
  };
  return { confirm, progress, error: booking.error };
}
