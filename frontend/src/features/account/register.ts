import { useMutation, useQueryClient } from '@tanstack/react-query';
import { authRegisterCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { startUserSession } from '@/shared/session/start-user-session';

export interface Registration {
  first_name: string;
  last_name: string;
  email: string;
  phone: string;
  date_of_birth: string;
  password: string;
}

export function useRegister() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ phone, date_of_birth, ...needed }: Registration) => {
      const given = { phone: phone || undefined, date_of_birth: date_of_birth || undefined };
      return unwrap(authRegisterCreate({ body: { ...needed, ...given } }));
    },
    onSuccess: (session) => startUserSession(queries, session),
  });
}
