import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import * as z from 'zod/mini';
import { useClinic } from '@/shared/clinic/clinic-context';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { SelectField, TextField } from '@/shared/forms/field';
import { required } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { type DoctorName, doctorNamesQuery } from '@/shared/staff/doctor-names';
import { useStaff } from '@/shared/staff/staff-context';
import { todayIn } from '@/shared/times/dates';
import { QueryView } from '@/shared/ui/query-view';
import { type AbsencePreview, usePreviewAbsence } from './absences';

type OnPreview = (preview: AbsencePreview) => void;

/** A form for the doctor and the period of an absence, by default all of today. */
export function AbsenceForm({ onPreview }: { onPreview: OnPreview }) {
  const { t } = useLingui();
  return (
    <QueryView query={useQuery(doctorNamesQuery())} loading={t`Loading the doctors…`}>
      {(doctors) => <Fields doctors={doctors} onPreview={onPreview} />}
    </QueryView>
  );
}

function Fields({ doctors, onPreview }: { doctors: DoctorName[]; onPreview: OnPreview }) {
  const { t } = useLingui();
  const { role } = useStaff();
  const { time_zone } = useClinic();
  const [search] = useSearchParams();
  const previewAbsence = usePreviewAbsence();
  const today = todayIn(time_zone);
  const { form, submit } = useApiForm({
    schema: () =>
      z.object({
        doctor: required(t`Choose a doctor`),
        from: required(t`Enter the first day`),
        to: required(t`Enter the last day`),
        opens: required(t`Enter the start time`),
        closes: required(t`Enter the end time`),
      }),
    defaults: {
      doctor: search.get('doctor') ?? '',
      from: search.get('date') ?? today,
      to: search.get('date') ?? today,
      opens: '00:00',
      closes: '23:59',
    },
    save: async (values) => {
      // A field for times cannot hold 24:00.
      const closes = values.closes === '23:59' ? '24:00' : values.closes;
      onPreview(await previewAbsence.mutateAsync({ ...values, closes }));
    },
  });
  return (
    <form onSubmit={submit} noValidate className="portal-narrow portal-card">
      <ErrorSummary state={form.formState} />
      <p>
        <Trans>
          Record that a doctor is ill or away. Before anything changes, you see the appointments in that time
          and choose what happens to each. Patients can then no longer book that time.
        </Trans>
      </p>
      <SelectField form={form} name="doctor" label={t`Doctor`}>
        <option value="">{t`Choose a doctor`}</option>
        {doctors.map(({ id, display_name }) => (
          <option key={id} value={id}>
            {display_name}
          </option>
        ))}
      </SelectField>
      <div className="absence-period">
        <TextField form={form} name="from" type="date" label={t`First day`} />
        <TextField form={form} name="to" type="date" label={t`Last day`} />
        <TextField form={form} name="opens" type="time" label={t`From`} />
        <TextField form={form} name="closes" type="time" label={t`Until`} />
      </div>
      <p className="form-text">
        <Trans>The times apply to each day. They are local to the place where the doctor works.</Trans>{' '}
        {role === 'receptionist' && (
          <Trans>You can record up to seven days, starting within the next week.</Trans>
        )}
      </p>
      <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Looking for appointments…`}>
        <Trans>Show the appointments</Trans>
      </SubmitButton>
    </form>
  );
}
