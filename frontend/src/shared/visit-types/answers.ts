import { t } from '@lingui/core/macro';
import type { Question, VisitType } from '@/shared/api/types';
import type { Problem } from '@/shared/forms/error-summary';

/** What was answered, by the question's id. */
export type Answers = Record<string, string>;

/** Those answers that this visit asks for. */
export function answersTo(visitType: VisitType | null, answers: Answers): Answers {
  const asked = (visitType?.questions ?? []).map(({ id }) => [id, (answers[id] ?? '').trim()]);
  return Object.fromEntries(asked.filter(([, answer]) => answer));
}

/** Of the first input of a question, where the focus goes. */
export const fieldOf = ({ id }: Question) => `question-${id}`;

/** What must be answered and is not. */
export function unanswered(visitType: VisitType | null, answers: Answers): Problem[] {
  const given = answersTo(visitType, answers);
  const missing = (visitType?.questions ?? []).filter(({ id, is_required }) => is_required && !given[id]);
  return missing.map((question) => ({ field: fieldOf(question), message: demand(question) }));
}

function demand({ kind, text }: Question): string {
  return kind === 'text' ? t`Answer: ${text}` : t`Choose an answer: ${text}`;
}
