import { useMutation, useQueryClient } from '@tanstack/react-query';
import { authProfilePartialUpdate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { userQuery } from '@/shared/session/get-user';
import type { ProfileForm } from './profile-form';

export function useUpdateProfile() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ first_name, last_name, phone, sms_consent, ...profile }: ProfileForm) => {
      const date_of_birth = profile.date_of_birth || null;
      const body = { first_name, last_name, phone, sms_consent, profile: { ...profile, date_of_birth } };
      return unwrap(authProfilePartialUpdate({ body }));
    },
    onSuccess: (user) => queries.setQueryData(userQuery().queryKey, user),
  });
}
