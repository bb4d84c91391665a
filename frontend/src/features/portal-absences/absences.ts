import { queryOptions, useMutation } from '@tanstack/react-query';
import type { DecisionInputRequest } from '@/gen';
import {
  portalAbsencesCreate,
  portalAbsencesEmailCreate,
  portalAbsencesMessagesCreate,
  portalAbsencesPreviewCreate,
  portalAbsencesReachCreate,
} from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { randomUuid } from '@/shared/api/random-uuid';
import { PORTAL, useRefreshPortal } from '@/shared/staff/portal-data';

/** A doctor who is away on some days, between two local times. */
export interface Absence {
  doctor: string;
  from: string;
  to: string;
  opens: string;
  closes: string;
}

export function usePreviewAbsence() {
  return useMutation({
    mutationFn: async (absence: Absence) => {
      const { bookings } = await unwrap(portalAbsencesPreviewCreate({ body: absence }));
      const ids = bookings.map(({ booking }) => booking.id);
      const reach = await unwrap(portalAbsencesReachCreate({ body: { bookings: ids } }));
      return { absence, bookings, reach, key: randomUuid() };
    },
  });
}

export type AbsencePreview = Awaited<ReturnType<ReturnType<typeof usePreviewAbsence>['mutateAsync']>>;

export interface EmailRequest {
  booking: string;
  reason: string;
  /** Whether the email has a message only, and nothing is cancelled. */
  onlyMessage: boolean;
}

/** A preview of the email to the patient of a booking, about a cancellation or with a message. */
export const emailQuery = ({ booking, reason, onlyMessage }: EmailRequest) =>
  queryOptions({
    queryKey: [...PORTAL, 'absence-email', booking, reason, onlyMessage],
    queryFn: ({ signal }) =>
      unwrap(portalAbsencesEmailCreate({ body: { booking, reason, only_message: onlyMessage }, signal })),
    staleTime: 60_000,
  });

interface AbsenceOrder {
  preview: AbsencePreview;
  note: string;
  decisions: DecisionInputRequest[];
}

/** Records the absence. A retry has the same idempotency key, so the absence is recorded once. */
export function useRecordAbsence() {
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: ({ preview, note, decisions }: AbsenceOrder) =>
      unwrap(
        portalAbsencesCreate({
          headers: { 'Idempotency-Key': preview.key },
          body: {
            ...preview.absence,
            note,
            bookings: decisions,
          },
        }),
      ),
    onSettled: refresh,
  });
}

/** Sends a text to the patients of bookings. Retries with the same idempotency key send it once. */
export function useWriteToPatients() {
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: ({ key, bookings, text }: { key: string; bookings: string[]; text: string }) =>
      unwrap(portalAbsencesMessagesCreate({ headers: { 'Idempotency-Key': key }, body: { bookings, text } })),
    onSettled: refresh,
  });
}
