import { useMutation, useQueryClient } from '@tanstack/react-query';
import { authProfilePartialUpdate, type DoctorProfile } from '@/gen';
import { portalProfilePhotoDestroy, portalProfilePhotoUpdate } from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import type { User } from '@/shared/api/types';
import { userQuery } from '@/shared/session/get-user';
import { useRefreshPortal } from '@/shared/staff/portal-data';

export interface ProfileChanges {
  bio: string;
  languages: string[];
}

/** The largest file that the server accepts. */
export const MAX_PHOTO_BYTES = 5 * 1024 * 1024;

/** The doctor's own profile; undefined for an account without a doctor record. */
export function doctorProfile({ role, profile }: User): DoctorProfile | undefined {
  return role === 'doctor' && profile ? (profile as unknown as DoctorProfile) : undefined;
}

/** Changes the fields of the public page that a doctor may change. */
export function useChangeProfile() {
  const queries = useQueryClient();
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: (profile: ProfileChanges) =>
      unwrap(authProfilePartialUpdate({ body: { profile: { ...profile } } })),
    onSuccess: (user) => {
      queries.setQueryData(userQuery().queryKey, user);
      queries.invalidateQueries({ queryKey: ['doctors'] });
      refresh();
    },
  });
}

/** Uploads a photo, or removes it if there is no file. */
export function useChangePhoto() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (photo: File | null) =>
      photo ? unwrap(portalProfilePhotoUpdate({ body: { photo } })) : unwrap(portalProfilePhotoDestroy()),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: userQuery().queryKey });
      queries.invalidateQueries({ queryKey: ['doctors'] });
    },
  });
}
