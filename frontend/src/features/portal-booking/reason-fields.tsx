import { t } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';
import * as z from 'zod/mini';
import type { CancelInputRequest } from '@/gen';
import { Choice } from '@/shared/forms/choice';
import { inputProps, TextArea } from '@/shared/forms/field';

interface ReasonValues {
  reason: string;
  /** `patient`, `staff`, or empty if nothing is chosen yet. */
  readers: string;
}

const MAX_LENGTH = 2000;

/** A reason needs a choice of who may read it. */
export const reasonRules = <T extends z.ZodMiniType<ReasonValues, ReasonValues>>(schema: T) =>
  schema.check(
    z.refine(({ reason, readers }: ReasonValues) => !reason.trim() || readers !== '', {
      path: ['readers'],
      error: () => t`Choose who may read the reason.`,
    }),
  );

export const reasonsOf = ({ reason, readers }: ReasonValues): CancelInputRequest =>
  readers === 'staff' ? { private_reason: reason } : { reason };

interface ReasonFieldsProps<T extends FieldValues & ReasonValues> {
  form: UseFormReturn<T>;
}

/** The reason for a cancellation, and who may read it. */
export function ReasonFields<T extends FieldValues & ReasonValues>({ form }: ReasonFieldsProps<T>) {
  const { t } = useLingui();
  const readers = 'readers' as Path<T>;
  const { error } = form.getFieldState(readers, form.formState);
  const { id: _id, ...input } = inputProps(form, readers);
  return (
    <>
      <p>
        <Trans>We will tell the patient that the appointment is cancelled.</Trans>
      </p>
      <TextArea
        form={form}
        name={'reason' as Path<T>}
        label={t`Reason`}
        optional
        rows={3}
        maxLength={MAX_LENGTH}
      />
      <fieldset className={error ? 'field field-invalid' : 'field'}>
        <legend className="form-label">
          <Trans>Who may read the reason?</Trans>
        </legend>
        {error?.message && (
          <p id="readers-error" className="field-error">
            {error.message}
          </p>
        )}
        <Choice id="readers" value="patient" {...input}>
          <Trans>
            Tell the patient. Email is not encrypted, so do not mention anything about health, such as a
            diagnosis.
          </Trans>
        </Choice>
        <Choice id="readers-staff" value="staff" {...input}>
          <Trans>Keep it private. Only staff can read it.</Trans>
        </Choice>
      </fieldset>
    </>
  );
}
