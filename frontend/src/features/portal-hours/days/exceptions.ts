import { keepPreviousData, queryOptions, useMutation } from '@tanstack/react-query';
import type { ExceptionPreviewInputRequest } from '@/gen';
import {
  appointmentsExceptionsCreate,
  appointmentsExceptionsList,
  appointmentsExceptionsPreviewCreate,
  portalHoursPreviewTimesCreate,
} from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { PORTAL, useRefreshPortal } from '@/shared/staff/portal-data';
import type { Decisions } from '../affected/decisions';
import { versionOf } from '../schedule/version';

export type DayChange = ExceptionPreviewInputRequest;

/** The dates with their own hours, with the version to send with a change. */
export const exceptionsQuery = (doctor?: string) =>
  queryOptions({
    queryKey: [...PORTAL, 'exceptions', doctor ?? 'own'],
    queryFn: async ({ signal }) => {
      const { data, response } = await appointmentsExceptionsList({ query: { doctor }, signal });
      return { days: data?.data ?? [], version: versionOf(response) };
    },
  });

/** The times of one date before and after an unsaved change. */
export const previewDayQuery = (doctor: string | undefined, change: DayChange) =>
  queryOptions({
    queryKey: [...PORTAL, 'preview-times', doctor ?? 'own', change],
    queryFn: async ({ signal }) => {
      const body = { from: change.date, exceptions: [change] };
      const { days } = await unwrap(portalHoursPreviewTimesCreate({ query: { doctor }, body, signal }));
      return { before: days[0]?.before ?? 0, after: days[0]?.day.times ?? 0 };
    },
    placeholderData: keepPreviousData,
    retry: false,
  });

/** Lists the appointments outside the new hours of a date. */
export function usePreviewDay(doctor: string | undefined) {
  return useMutation({
    mutationFn: async (change: DayChange) => {
      const call = appointmentsExceptionsPreviewCreate({ query: { doctor }, body: change });
      return (await unwrap(call)).bookings;
    },
  });
}

interface SavedChange {
  change: DayChange;
  version: string;
  decisions: Decisions;
}

/** Saves the hours of a date, and moves or cancels appointments outside them. */
export function useSaveDay(doctor: string | undefined) {
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: ({ change, version, decisions }: SavedChange) =>
      unwrap(
        appointmentsExceptionsCreate({
          query: { doctor },
          headers: { 'If-Match': version },
          body: { ...change, ...decisions },
        }),
      ),
    onSettled: refresh,
  });
}
