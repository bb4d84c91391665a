import { useMutation, useQueryClient } from '@tanstack/react-query';
import { authProfilePartialUpdate, type LanguageEnum } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { userQuery } from '@/shared/session/get-user';
import type { ProfileForm } from './profile-form';

export function useUpdateProfile() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ first_name, last_name, phone, sms_consent, language, ...profile }: ProfileForm) => {
      const chosen = language ? { language: language as LanguageEnum } : {};
      const account = { first_name, last_name, phone, sms_consent, ...chosen };
      const body = { ...account, profile: { ...profile, date_of_birth: profile.date_of_birth || null } };
      return unwrap(authProfilePartialUpdate({ body }));
    },
    onSuccess: (user) => queries.setQueryData(userQuery().queryKey, user),
  });
}
