import { Trans } from '@lingui/react/macro';
import type { Question } from '@/shared/api/types';
import { Choice } from '@/shared/forms/choice';
import { answerWords } from './answer-label';
import { fieldOf } from './answers';

const ANSWER_MAX = 2000;
const YES_NO = ['yes', 'no'];

interface QuestionFieldProps {
  question: Question;
  error: string | undefined;
  /** What was answered before. */
  given: string | undefined;
  answer: (answer: string) => void;
}

/** A question that the visit asks, answered at every stroke. */
export function QuestionField(props: QuestionFieldProps) {
  const { question, error, given, answer } = props;
  const field = fieldOf(question);
  const className = error ? 'field field-wrong' : 'field';
  const words = error && (
    <p id={`${field}-error`} className="field-error">
      {error}
    </p>
  );
  const described = error ? `${field}-error` : undefined;
  if (question.kind !== 'text') {
    return (
      <fieldset className={className} aria-describedby={described}>
        <legend>
          <Asked question={question} />
        </legend>
        {words}
        <Choices {...props} />
      </fieldset>
    );
  }
  return (
    <div className={className}>
      <label className="form-label" htmlFor={field}>
        <Asked question={question} />
      </label>
      {words}
      <textarea
        id={field}
        className="form-control"
        rows={3}
        maxLength={ANSWER_MAX}
        aria-invalid={error ? true : undefined}
        aria-describedby={described}
        defaultValue={given}
        onChange={(event) => answer(event.target.value)}
      />
    </div>
  );
}

function Asked({ question: { text, is_required } }: { question: Question }) {
  return (
    <>
      {text}{' '}
      <span className="fw-normal text-body-secondary">
        {is_required ? <Trans>(please answer)</Trans> : <Trans>(optional)</Trans>}
      </span>
    </>
  );
}

function Choices({ question, given, answer: choose }: QuestionFieldProps) {
  const field = fieldOf(question);
  const answers = question.kind === 'yes_no' ? YES_NO : question.choices;
  return answers.map((answer, number) => (
    <Choice
      key={answer}
      id={number === 0 ? field : `${field}-${number}`}
      name={field}
      value={answer}
      defaultChecked={given === answer}
      onChange={() => choose(answer)}
    >
      {question.kind === 'yes_no' ? answerWords(answer) : answer}
    </Choice>
  ));
}
