import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import * as z from 'zod/mini';
import { waitingPossibleQuery } from '@/shared/alternatives/waiting-possible';
import { doctorQuery } from '@/shared/api/get-doctor';
import type { Dependant, Doctor, Specialty, VisitType } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { SelectField, TextField } from '@/shared/forms/field';
import { optional, required } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { firstAvailablePath, timesPath, VISIT_TYPE } from '@/shared/paths/booking-paths';
import { withQuery } from '@/shared/paths/with-query';
import { dependantsQuery } from '@/shared/session/dependants';
import { RequirePatient } from '@/shared/session/require-patient';
import { addDays, isDate, todayIn } from '@/shared/times/dates';
import { NotFoundPage } from '@/shared/ui/not-found-page';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { ChosenVisitType } from '@/shared/visit-types/chosen-visit-type';
import { RequireVisitType } from '@/shared/visit-types/require-visit-type';
import { useVisitType } from '@/shared/visit-types/use-visit-type';
import { useJoinWaitingList } from './join-waiting-list';
import { type WaitingListForm, WeekdaysField } from './weekdays-field';

const DEFAULT_DAYS = 28;
const ME = 'me';

/** Either a doctor or any doctor of a specialty. */
interface DoctorOrSpecialty {
  doctor?: Doctor;
  specialty?: Specialty;
}

export function JoinWaitingListPage() {
  const { specialties } = useClinic();
  const [params] = useSearchParams();
  const specialty = specialties.find(({ code }) => code === params.get('specialty'));
  const doctorId = params.get('doctor');
  if (specialty) return <RequirePatient>{() => <JoinFor specialty={specialty} />}</RequirePatient>;
  if (doctorId) return <RequirePatient>{() => <JoinForDoctor id={doctorId} />}</RequirePatient>;
  return <NotFoundPage />;
}

function JoinForDoctor({ id }: { id: string }) {
  const { t } = useLingui();
  return (
    <QueryView page query={useQuery(doctorQuery(id))} loading={t`Loading the doctor’s details…`}>
      {(doctor) => <JoinFor doctor={doctor} />}
    </QueryView>
  );
}

function JoinFor(target: DoctorOrSpecialty) {
  const dependantsResult = useQuery(dependantsQuery());
  return (
    <QueryView page query={dependantsResult}>
      {(dependants) => (
        <RequireVisitType {...(target.doctor && { doctor: target.doctor })}>
          {(visitType) => (
            <RequirePossible {...target} visitType={visitType}>
              <Join {...target} dependants={dependants} />
            </RequirePossible>
          )}
        </RequireVisitType>
      )}
    </QueryView>
  );
}

interface RequirePossibleProps extends DoctorOrSpecialty {
  visitType: VisitType | null;
  children: ReactNode;
}

/** Renders its children if waiting can succeed. */
function RequirePossible({ doctor, specialty, visitType, children }: RequirePossibleProps) {
  const { t } = useLingui();
  const target = { doctor: doctor?.id, specialty: specialty?.code, visit_type: visitType?.id };
  return (
    <QueryView page query={useQuery(waitingPossibleQuery(target))}>
      {(isPossible) =>
        isPossible ? (
          children
        ) : (
          <div className="narrow">
            <PageHeading title={t`Join the waiting list`} />
            <p>
              <Trans>You cannot wait for this appointment, because no doctor offers it at the moment.</Trans>
            </p>
            <p>
              <Link to={withQuery('/doctors', { [VISIT_TYPE]: visitType?.id })}>
                <Trans>Show all doctors</Trans>
              </Link>
            </p>
            <CallTheClinic />
          </div>
        )
      }
    </QueryView>
  );
}

interface JoinProps extends DoctorOrSpecialty {
  dependants: Dependant[];
}

function useJoinForm({ doctor, specialty, dependants }: JoinProps) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const clinic = useClinic();
  const [params] = useSearchParams();
  const { visitType } = useVisitType(doctor?.id);
  const today = todayIn(clinic.time_zone);
  const requestedFrom = params.get('from');
  const from = isDate(requestedFrom) && requestedFrom > today ? requestedFrom : today;
  const join = useJoinWaitingList();
  return useApiForm<WaitingListForm>({
    schema: () =>
      z.object({
        from: required(t`Enter the earliest date`),
        to: required(t`Enter the latest date`),
        weekdays: z.array(z.string()),
        patient: dependants.length > 0 ? required(t`Select who the appointment is for`) : optional(),
      }),
    defaults: { from, to: addDays(from, DEFAULT_DAYS), weekdays: [], patient: '' },
    save: async ({ patient, weekdays, ...days }) => {
      await join.mutateAsync({
        ...(doctor && { doctor: doctor.id }),
        ...(specialty && { specialty: specialty.code }),
        ...days,
        ...(weekdays.length > 0 && { weekdays: weekdays.map(Number) }),
        ...(visitType && { visit_type: visitType.id }),
        ...(patient && patient !== ME && { patient }),
      });
      navigate('/appointments?waiting', { replace: true });
    },
  });
}

function Join(props: JoinProps) {
  const { doctor, specialty, dependants } = props;
  const { t } = useLingui();
  const { visitType } = useVisitType(doctor?.id);
  const { form, submit } = useJoinForm(props);
  const allTimes = doctor
    ? timesPath(doctor.id, visitType?.id)
    : firstAvailablePath(specialty?.code, visitType?.id);
  return (
    <form className="form-page" onSubmit={submit} noValidate>
      <PageHeading title={t`Join the waiting list`} />
      <p>
        {doctor ? (
          <Trans>
            We will email you if an appointment with <strong>{doctor.display_name}</strong> becomes available
            on these dates. We will hold it for you for a short time.
          </Trans>
        ) : (
          <Trans>
            We will email you if an appointment with any doctor for <strong>{specialty?.name}</strong> becomes
            available on these dates. We will hold it for you for a short time.
          </Trans>
        )}
      </p>
      {visitType && <ChosenVisitType visitType={visitType} change={null} />}
      <ErrorSummary state={form.formState} />
      {dependants.length > 0 && (
        <SelectField form={form} name="patient" label={t`Who is the appointment for?`}>
          <option value="">{t`Select a person`}</option>
          <option value={ME}>{t`Me`}</option>
          {dependants.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      )}
      <TextField form={form} name="from" type="date" className="w-auto" label={t`Earliest date`} />
      <TextField form={form} name="to" type="date" className="w-auto" label={t`Latest date`} />
      <WeekdaysField form={form} />
      <div className="actions">
        <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Joining…`}>
          <Trans>Join the waiting list</Trans>
        </SubmitButton>
        <Link className="btn btn-outline-primary btn-lg" to={allTimes}>
          <Trans>View all times</Trans>
        </Link>
      </div>
    </form>
  );
}
