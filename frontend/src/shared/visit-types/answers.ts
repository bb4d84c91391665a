import { t } from '@lingui/core/macro';
import type { Question } from '@/shared/api/types';
import type { FormError } from '@/shared/forms/error-summary';

/** Answers by question id. */
export type Answers = Record<string, string>;

type WithQuestions = { questions: Question[] };

/** Returns the answers to the questions of this visit type, without empty ones. */
export function relevantAnswers(visitType: WithQuestions | null, answers: Answers): Answers {
  const entries = (visitType?.questions ?? []).map(({ id }) => [id, (answers[id] ?? '').trim()]);
  return Object.fromEntries(entries.filter(([, answer]) => answer));
}

/** The id of a question's first input, which takes the focus. */
export const questionFieldId = ({ id }: Question) => `question-${id}`;

/** Returns an error for each required question without an answer. */
export function missingAnswers(visitType: WithQuestions | null, answers: Answers): FormError[] {
  const given = relevantAnswers(visitType, answers);
  const missing = (visitType?.questions ?? []).filter(({ id, is_required }) => is_required && !given[id]);
  return missing.map((question) => ({
    field: questionFieldId(question),
    message: missingAnswerMessage(question),
  }));
}

function missingAnswerMessage({ kind, text }: Question): string {
  return kind === 'text' ? t`Answer this question: ${text}` : t`Select an answer: ${text}`;
}
