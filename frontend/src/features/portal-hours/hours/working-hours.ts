import { keepPreviousData, queryOptions, useMutation } from '@tanstack/react-query';
import type { HoursField } from '@/gen';
import {
  appointmentsWorkingHoursCreate,
  appointmentsWorkingHoursList,
  appointmentsWorkingHoursPreviewCreate,
  portalHoursPreviewTimesCreate,
} from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { PORTAL, useRefreshPortal } from '@/shared/staff/portal-data';
import type { Decisions } from '../affected/decisions';
import { versionOf } from '../schedule/version';

/** The weekly hours, with the version to send with a change. */
export const workingHoursQuery = (doctor?: string) =>
  queryOptions({
    queryKey: [...PORTAL, 'working-hours', doctor ?? 'own'],
    queryFn: async ({ signal }) => {
      const { data, response } = await appointmentsWorkingHoursList({ query: { doctor }, signal });
      return { hours: data?.data ?? [], version: versionOf(response) };
    },
    // The editor starts from these hours: it must not start from an older copy.
    gcTime: 0,
    refetchOnWindowFocus: false,
  });

/** The times of two weeks under unsaved hours. While they are loading, the query has the previous ones. */
export const previewTimesQuery = (doctor: string | undefined, hours: HoursField[], from?: string) =>
  queryOptions({
    queryKey: [...PORTAL, 'preview-times', doctor ?? 'own', hours, from],
    queryFn: ({ signal }) =>
      unwrap(portalHoursPreviewTimesCreate({ query: { doctor }, body: { hours, from }, signal })),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 60_000,
  });

/** Lists the appointments outside new hours. */
export function usePreviewHours(doctor: string | undefined) {
  return useMutation({
    mutationFn: async (hours: HoursField[]) => {
      const { bookings } = await unwrap(
        appointmentsWorkingHoursPreviewCreate({ query: { doctor }, body: hours }),
      );
      return bookings;
    },
  });
}

interface HoursChange {
  hours: HoursField[];
  /** The version that the change is based on. */
  version: string;
  decisions: Decisions;
}

/** Saves new hours, and moves or cancels appointments outside them. */
export function useSaveHours(doctor: string | undefined) {
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: async ({ hours, version, decisions }: HoursChange) => {
      const { data, response } = await appointmentsWorkingHoursCreate({
        query: { doctor },
        headers: { 'If-Match': version },
        body: { hours, ...decisions },
      });
      return { ...data?.data, version: versionOf(response) };
    },
    onSuccess: refresh,
  });
}
