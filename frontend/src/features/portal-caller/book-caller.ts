import { queryOptions, useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { appointmentsBookingsCreate, type BookingInputRequest } from '@/gen';
import { portalBookingsSpokenRetrieve } from '@/gen/portal.gen';
import { isApiError } from '@/shared/api/api-error';
import { unwrap } from '@/shared/api/client';
import { randomUuid } from '@/shared/api/random-uuid';
import { PORTAL, useRefreshPortal } from '@/shared/staff/portal-data';
import type { Answers } from '@/shared/visit-types/answers';

interface BookingOrder {
  slot: string;
  patient: string;
  visitType: string | null;
  reason: string;
  answers: Answers;
  /** The id of the hold, if it has not ended. */
  hold: string | null;
  /** `overbook` books a taken time; `withdraw_offer` withdraws the offer that reserves the time. */
  force?: 'overbook' | 'withdraw_offer';
}

function requestFor({ slot, patient, visitType, reason, answers, hold, force }: BookingOrder) {
  const request: BookingInputRequest = {
    ...(hold && !force ? { hold } : { slot }),
    patient,
    reason,
    ...(visitType && { visit_type: visitType, answers }),
    ...(force && { [force]: true }),
  };
  return request;
}

/** Books the time. A retry of an unanswered request has the same idempotency key, so it cannot book twice. */
export function useBookCaller() {
  const last = useRef({ text: '', key: '' });
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: async (order: BookingOrder) => {
      const request = requestFor(order);
      const send = async (body: BookingInputRequest) => {
        const text = JSON.stringify(body);
        if (last.current.text !== text) last.current = { text, key: randomUuid() };
        return unwrap(appointmentsBookingsCreate({ body, headers: { 'Idempotency-Key': last.current.key } }));
      };
      try {
        return await send(request);
      } catch (error) {
        if (!isApiError(error, 'hold_expired')) throw error;
        return await send(requestFor({ ...order, hold: null })); // the time may still be free
      }
    },
    onSuccess: refresh,
  });
}

/** The sentences about a booking to read to the caller. */
export const spokenBookingQuery = (booking: string) =>
  queryOptions({
    queryKey: [...PORTAL, 'spoken', booking],
    queryFn: ({ signal }) => unwrap(portalBookingsSpokenRetrieve({ path: { booking_id: booking }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
