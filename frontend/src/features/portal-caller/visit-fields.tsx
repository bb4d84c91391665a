import { Trans, useLingui } from '@lingui/react/macro';
import type { Choices } from '@/shared/api/types';
import { QuestionField } from '@/shared/visit-types/question-field';
import type { CallerForm } from './use-caller-form';

/** The type of visit, the reason and the questions that are asked when booking. */
export function VisitFields({ form, choices }: { form: CallerForm; choices: Choices }) {
  const { t } = useLingui();
  const { doctor } = form.filters;
  const types = choices.visit_types.filter(
    ({ id, doctors }) =>
      !doctor || doctors.length === 0 || doctors.includes(doctor) || id === form.visitType?.id,
  );
  return (
    <section className="portal-card" aria-labelledby="visit-heading">
      <h2 id="visit-heading" className="h5">
        <Trans>Visit</Trans>
      </h2>
      <div className="visit-fields">
        {types.length > 0 && (
          <div>
            <label className="form-label" htmlFor="visit-type">
              <Trans>Visit type</Trans>
            </label>
            <select
              id="visit-type"
              className="form-select"
              value={form.visitType?.id ?? ''}
              onChange={(event) => form.setVisitType(event.target.value)}
            >
              {types.map(({ id, name, duration_minutes }) => (
                <option key={id} value={id}>
                  {duration_minutes ? t`${name}, ${duration_minutes} min` : name}
                </option>
              ))}
            </select>
          </div>
        )}
        <div>
          <label className="form-label" htmlFor="reason">
            <Trans>Reason</Trans>{' '}
            <span className="fw-normal text-body-secondary">
              <Trans>(optional)</Trans>
            </span>
          </label>
          <input
            id="reason"
            className="form-control"
            autoComplete="off"
            maxLength={2000}
            value={form.reason}
            onChange={(event) => form.setReason(event.target.value)}
          />
        </div>
      </div>
      {form.visitType?.questions.map((question) => (
        <QuestionField
          key={question.id}
          question={question}
          error={undefined}
          value={form.answers[question.id]}
          onAnswer={(answer) => form.setAnswer(question.id, answer)}
        />
      ))}
    </section>
  );
}
