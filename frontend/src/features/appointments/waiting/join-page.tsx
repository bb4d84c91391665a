import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearchParams } from 'react-router';
import * as z from 'zod/mini';
import { doctorQuery } from '@/shared/api/get-doctor';
import type { Dependant, Doctor } from '@/shared/api/types';
import { timesPath } from '@/shared/choose-time/step-path';
import { useClinic } from '@/shared/clinic/clinic-context';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { SelectField, TextField } from '@/shared/forms/field';
import { optional, required } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { dependantsQuery } from '@/shared/session/dependants';
import { OnlyForPatients } from '@/shared/session/only-for-patients';
import { addDays, isDate, todayIn } from '@/shared/times/calendar';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { ChosenVisitType } from '@/shared/visit-types/chosen-visit-type';
import { FirstWhatFor } from '@/shared/visit-types/first-what-for';
import { useVisitType } from '@/shared/visit-types/use-visit-type';
import { useJoinWaiting } from './join-waiting';

const USUAL_DAYS = 28;
const ME = 'me';

export function JoinWaitingPage() {
  const { t } = useLingui();
  const [params] = useSearchParams();
  const doctor = useQuery(doctorQuery(params.get('doctor') ?? ''));
  const people = useQuery(dependantsQuery());
  return (
    <OnlyForPatients>
      {() => (
        <QueryView page query={doctor} loading={t`Looking up the doctor…`}>
          {(found) => (
            <QueryView page query={people}>
              {(dependants) => (
                <FirstWhatFor doctor={found}>
                  {() => <Join doctor={found} dependants={dependants} />}
                </FirstWhatFor>
              )}
            </QueryView>
          )}
        </QueryView>
      )}
    </OnlyForPatients>
  );
}

interface JoinProps {
  doctor: Doctor;
  dependants: Dependant[];
}

function useJoinForm({ doctor, dependants }: JoinProps) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const clinic = useClinic();
  const [params] = useSearchParams();
  const { visitType } = useVisitType(doctor.id);
  const today = todayIn(clinic.time_zone);
  const asked = params.get('from');
  const from = isDate(asked) && asked > today ? asked : today;
  const join = useJoinWaiting();
  return useApiForm({
    schema: () =>
      z.object({
        from: required(t`Enter the first day that suits you`),
        to: required(t`Enter the last day that suits you`),
        patient: dependants.length > 0 ? required(t`Say who the appointment is for`) : optional(),
      }),
    defaults: { from, to: addDays(from, USUAL_DAYS), patient: '' },
    save: async ({ patient, ...days }) => {
      await join.mutateAsync({
        doctor: doctor.id,
        ...days,
        ...(visitType && { visit_type: visitType.id }),
        ...(patient && patient !== ME && { patient }),
      });
      navigate('/appointments?waiting', { replace: true });
    },
  });
}

function Join({ doctor, dependants }: JoinProps) {
  const { t } = useLingui();
  const { visitType } = useVisitType(doctor.id);
  const { form, submit } = useJoinForm({ doctor, dependants });
  return (
    <form className="form-page" onSubmit={submit} noValidate>
      <PageHeading title={t`Join the waiting list`} />
      <p>
        <Trans>
          When a time with <strong>{doctor.display_name}</strong> comes free in these days, we write to you
          and keep it for you for a while.
        </Trans>
      </p>
      {visitType && <ChosenVisitType visitType={visitType} change={null} />}
      <ErrorSummary state={form.formState} />
      {dependants.length > 0 && (
        <SelectField form={form} name="patient" label={t`Who is it for?`}>
          <option value="">{t`Please choose`}</option>
          <option value={ME}>{t`Me`}</option>
          {dependants.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      )}
      <TextField form={form} name="from" type="date" className="w-auto" label={t`First day that suits you`} />
      <TextField form={form} name="to" type="date" className="w-auto" label={t`Last day that suits you`} />
      <div className="actions">
        <SubmitButton busy={form.formState.isSubmitting} working={t`Joining…`}>
          <Trans>Join the waiting list</Trans>
        </SubmitButton>
        <Link className="btn btn-outline-primary btn-lg" to={timesPath(doctor.id, visitType?.id)}>
          <Trans>See all times</Trans>
        </Link>
      </div>
    </form>
  );
}
