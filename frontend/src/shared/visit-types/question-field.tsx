import { Trans } from '@lingui/react/macro';
import type { Question } from '@/shared/api/types';
import { Choice } from '@/shared/forms/choice';
import { answerLabel } from './answer-label';
import { questionFieldId } from './answers';

const ANSWER_MAX = 2000;
const YES_NO = ['yes', 'no'];

interface QuestionFieldProps {
  question: Question;
  error: string | undefined;
  /** The saved answer. */
  value: string | undefined;
  onAnswer: (onAnswer: string) => void;
}

/** A question of the visit type. Reports the answer on every change. */
export function QuestionField(props: QuestionFieldProps) {
  const { question, error, value, onAnswer } = props;
  const field = questionFieldId(question);
  const className = error ? 'field field-invalid' : 'field';
  const errorText = error && (
    <p id={`${field}-error`} className="field-error">
      {error}
    </p>
  );
  const describedBy = error ? `${field}-error` : undefined;
  if (question.kind !== 'text') {
    return (
      <fieldset className={className} aria-describedby={describedBy}>
        <legend>
          <QuestionLabel question={question} />
        </legend>
        {errorText}
        <Choices {...props} />
      </fieldset>
    );
  }
  return (
    <div className={className}>
      <label className="form-label" htmlFor={field}>
        <QuestionLabel question={question} />
      </label>
      {errorText}
      <textarea
        id={field}
        className="form-control"
        rows={3}
        maxLength={ANSWER_MAX}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy}
        defaultValue={value}
        onChange={(event) => onAnswer(event.target.value)}
      />
    </div>
  );
}

function QuestionLabel({ question: { text, is_required } }: { question: Question }) {
  return (
    <>
      {text}{' '}
      <span className="fw-normal text-body-secondary">
        {is_required ? <Trans>(required)</Trans> : <Trans>(optional)</Trans>}
      </span>
    </>
  );
}

function Choices({ question, value, onAnswer: choose }: QuestionFieldProps) {
  const field = questionFieldId(question);
  const answers = question.kind === 'yes_no' ? YES_NO : question.choices;
  return answers.map((onAnswer, number) => (
    <Choice
      key={onAnswer}
      id={number === 0 ? field : `${field}-${number}`}
      name={field}
      value={onAnswer}
      defaultChecked={value === onAnswer}
      onChange={() => choose(onAnswer)}
    >
      {question.kind === 'yes_no' ? answerLabel(onAnswer) : onAnswer}
    </Choice>
  ));
}
