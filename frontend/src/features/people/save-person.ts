import { useMutation, useQueryClient } from '@tanstack/react-query';
import { usersDependantsCreate, usersDependantsPartialUpdate } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import { dependantQuery, dependantsQuery } from '@/shared/session/dependants';
import type { PersonForm } from './person-form';

/** Updates a dependant, or creates one if there is no `id`. */
export function useSavePerson(id?: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (form: PersonForm) => {
      const body = { ...form, date_of_birth: form.date_of_birth || null };
      if (!id) return unwrap(usersDependantsCreate({ body }));
      return unwrap(usersDependantsPartialUpdate({ path: { dependant_id: id }, body }));
    },
    onSuccess: (person) => {
      queries.setQueryData(dependantQuery(person.id).queryKey, person);
      return queries.invalidateQueries({ queryKey: dependantsQuery().queryKey });
    },
  });
}
