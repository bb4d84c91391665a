import { Trans, useLingui } from '@lingui/react/macro';
import type { Choices } from '@/shared/api/types';
import { Labelled } from '@/shared/forms/labelled';
import { QuestionField } from '@/shared/visit-types/question-field';
import { Select } from './select';
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
          <Select
            id="visit-type"
            label={t`Visit type`}
            value={form.visitType?.id}
            onChange={form.setVisitType}
          >
            {types.map(({ id, name, duration_minutes }) => (
              <option key={id} value={id}>
                {duration_minutes ? t`${name}, ${duration_minutes} min` : name}
              </option>
            ))}
          </Select>
        )}
        <Labelled id="reason" label={t`Reason`} optional>
          <input
            id="reason"
            className="form-control"
            autoComplete="off"
            maxLength={2000}
            value={form.reason}
            onChange={(event) => form.setReason(event.target.value)}
          />
        </Labelled>
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
