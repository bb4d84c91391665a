import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { AnsweredQuestion } from '@/shared/api/types';
import { ErrorList } from '@/shared/forms/error-summary';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useFormErrors } from '@/shared/forms/use-form-errors';
import { ErrorMessage } from '@/shared/ui/error-message';
import { useFocusOn } from '@/shared/ui/use-focus-on';
import { type Answers, missingAnswers, questionFieldId } from '@/shared/visit-types/answers';
import { QuestionField } from '@/shared/visit-types/question-field';
import { questionsQuery, useAnswerQuestions } from './questions';

/** The questions that the clinic asks some days before the visit. They can be answered until it starts. */
export function QuestionsBeforeVisit({ bookingId }: { bookingId: string }) {
  const found = useQuery(questionsQuery(bookingId));
  if (found.isError) return <ErrorMessage error={found.error} retry={found.refetch} />;
  if (!found.data?.can_answer || found.data.questions.length === 0) return null;
  return <QuestionsForm bookingId={bookingId} questions={found.data.questions} />;
}

function QuestionsForm({ bookingId, questions }: { bookingId: string; questions: AnsweredQuestion[] }) {
  const { t } = useLingui();
  const isAnswered =
    questions.some(({ answer }) => answer) &&
    questions.every(({ answer, is_required }) => answer || !is_required);
  const [isOpen, setOpen] = useState(!isAnswered);
  const [answers, setAnswers] = useState<Answers>(() =>
    Object.fromEntries(questions.map(({ id, answer }) => [id, answer])),
  );
  const { errors, attempts, errorAt, show } = useFormErrors();
  const send = useAnswerQuestions(bookingId);
  const thanks = useFocusOn<HTMLParagraphElement>(send.isSuccess && !isOpen);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (send.isPending || !show(missingAnswers({ questions }, answers))) return;
    await send.mutateAsync(answers).then(
      () => setOpen(false),
      () => undefined, // shown below
    );
  };
  return (
    <section aria-labelledby="questions-heading" className="d-print-none mb-4">
      <h2 id="questions-heading" className="h5">
        <Trans>Questions before your visit</Trans>
      </h2>
      {isOpen ? (
        <form onSubmit={submit} noValidate>
          <p>
            <Trans>Your answers help the doctor to prepare your visit.</Trans>
          </p>
          <ErrorList errors={errors} attempts={attempts} />
          {send.isError && <ErrorMessage error={send.error} />}
          {questions.map((question) => (
            <QuestionField
              key={question.id}
              question={question}
              error={errorAt(questionFieldId(question))}
              value={answers[question.id]}
              onAnswer={(answer) => setAnswers((given) => ({ ...given, [question.id]: answer }))}
            />
          ))}
          <SubmitButton busy={send.isPending} busyLabel={t`Sending…`}>
            <Trans>Send answers</Trans>
          </SubmitButton>
        </form>
      ) : (
        <>
          <p ref={thanks} tabIndex={-1} role="status">
            {send.isSuccess ? (
              <Trans>Thank you. The clinic has your answers.</Trans>
            ) : (
              <Trans>You have answered the clinic’s questions.</Trans>
            )}
          </p>
          <button type="button" className="btn btn-outline-primary" onClick={() => setOpen(true)}>
            <Trans>Change your answers</Trans>
          </button>
        </>
      )}
    </section>
  );
}
