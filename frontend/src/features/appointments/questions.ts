import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  appointmentsBookingsQuestionsCreate,
  appointmentsBookingsQuestionsRetrieve,
} from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import { bookingQuery } from '@/shared/bookings/get-booking';
import { MINE } from '@/shared/session/get-user';
import type { Answers } from '@/shared/visit-types/answers';

/** The questions that are asked some days before the visit, with the answers so far. */
export const questionsQuery = (id: string) =>
  queryOptions({
    queryKey: [MINE, 'questions', id],
    queryFn: ({ signal }) =>
      unwrap(appointmentsBookingsQuestionsRetrieve({ path: { booking_id: id }, signal })),
    staleTime: 0,
  });

export function useAnswerQuestions(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (answers: Answers) =>
      unwrap(appointmentsBookingsQuestionsCreate({ path: { booking_id: id }, body: { answers } })),
    onSuccess: (questions) => {
      queries.setQueryData(questionsQuery(id).queryKey, questions);
      queries.invalidateQueries({ queryKey: bookingQuery(id).queryKey });
    },
  });
}
