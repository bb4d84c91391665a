import { Trans, useLingui } from '@lingui/react/macro';
import { type FormEvent, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Dependant } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { useRequestCode } from '@/shared/email-code/email-code';
import { ErrorList } from '@/shared/forms/error-summary';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useFormErrors } from '@/shared/forms/use-form-errors';
import { bookingStepPath, timesPath } from '@/shared/paths/booking-paths';
import { signInPath } from '@/shared/paths/return-path';
import { useUser } from '@/shared/session/get-user';
import { useSignedIn } from '@/shared/session/use-session';
import { PageHeading } from '@/shared/ui/page-heading';
import { missingAnswers, questionFieldId } from '@/shared/visit-types/answers';
import { QuestionField } from '@/shared/visit-types/question-field';
import { readBookingDraft, saveAnswer } from './booking-draft';
import { BookingError } from './booking-error';
import { HoldNotice } from './hold-notice';
import { readNewcomer, saveNewcomer } from './newcomer-draft';
import { codeRequestErrors, NewcomerFields } from './newcomer-fields';
import { PATIENT_FIELD, PatientField, useDependants } from './patient-field';
import { PHONE_FIELD, PhoneField, phoneError } from './phone-field';
import { ReasonField } from './reason-field';
import { useSavePhone } from './save-phone';
import { type PlannedBooking, SlotPage } from './slot-page';
import { SlotRefused } from './slot-refused';
import { StepLayout } from './step-layout';
import { useHold } from './use-hold';

export function DetailsPage() {
  return <SlotPage step="details">{(plan) => <Details key={plan.slot.id} plan={plan} />}</SlotPage>;
}

function Details({ plan }: { plan: PlannedBooking }) {
  const { t } = useLingui();
  const { slot, doctor, visitType } = plan;
  const navigate = useNavigate();
  const signedIn = useSignedIn();
  const dependants = useDependants();
  const { data: user } = useUser();
  const [{ patient = null, answers }] = useState(readBookingDraft);
  const target = { slot, visitType: visitType?.id ?? null, patient };
  const hold = useHold(target, { enabled: !signedIn || user?.role === 'patient' });
  const { errors, attempts, errorAt, show } = useFormErrors();
  const phone = useRef<HTMLInputElement>(null);
  const savePhone = useSavePhone();
  const lacksPhone = !signedIn || (user?.role === 'patient' && !user.phone);
  const needsPhone = visitType?.mode === 'phone' && lacksPhone;
  const { ask_date_of_birth } = useClinic().booking_rules;
  const requestCode = useRequestCode();
  const checkPath = bookingStepPath('check', slot, visitType?.id);
  // Every other field saves its value in the draft.
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const draft = readBookingDraft();
    const found = missingAnswers(visitType, draft.answers);
    if (dependants.length > 0 && !isValidPatient(dependants, draft.patient)) {
      found.unshift({ field: PATIENT_FIELD, message: t`Select who the appointment is for` });
    }
    const number = phone.current?.value.trim() ?? '';
    if (needsPhone && !number) found.push({ field: PHONE_FIELD, message: t`Enter your phone number` });
    if (!signedIn) {
      // Loaded here, because the check needs a library that the page does not.
      const { newcomerErrors } = await import('./newcomer-errors');
      found.unshift(...newcomerErrors(ask_date_of_birth));
    }
    if (!show(found)) return;
    if (!signedIn) {
      saveNewcomer({ phone: number });
      const refused = await requestCode
        .mutateAsync(readNewcomer().email.trim())
        .then(() => [], codeRequestErrors);
      if (show(refused)) navigate(bookingStepPath('code', slot, visitType?.id));
      return;
    }
    if (needsPhone) {
      const refused = await savePhone.mutateAsync(number).then(() => null, phoneError);
      if (refused && !show([refused])) return;
    }
    navigate(checkPath);
  };
  if (hold.takenError) return <SlotRefused step="details" plan={plan} error={hold.takenError} />;
  return (
    <StepLayout
      current={2}
      back={timesPath(doctor.id, visitType?.id, slot)}
      plan={plan}
      place={hold.held?.place}
      head={
        <>
          <PageHeading title={t`Appointment details`} />
          {hold.refusalError && signedIn && dependants.length === 0 && (
            <BookingError error={hold.refusalError} doctorId={doctor.id} visitType={visitType?.id} />
          )}
          <ErrorList errors={errors} attempts={attempts} />
          <HoldNotice hold={hold} otherTimesPath={timesPath(doctor.id, visitType?.id, slot)} />
        </>
      }
    >
      <form onSubmit={submit} noValidate>
        {!signedIn && <NewcomerFields errorAt={errorAt} />}
        {dependants.length > 0 && (
          <PatientField
            dependants={dependants}
            error={errorAt(PATIENT_FIELD)}
            stepPath={bookingStepPath('details', slot, visitType?.id)}
          />
        )}
        {visitType?.questions.map((question) => (
          <QuestionField
            key={question.id}
            question={question}
            error={errorAt(questionFieldId(question))}
            value={answers[question.id]}
            onAnswer={(answer) => saveAnswer(question.id, answer)}
          />
        ))}
        {needsPhone && <PhoneField input={phone} error={errorAt(PHONE_FIELD)} />}
        {signedIn ? <ReasonField /> : <OptionalReason />}
        <SubmitButton busy={requestCode.isPending} busyLabel={t`Sending the code…`}>
          <Trans>Continue</Trans>
        </SubmitButton>
        {!signedIn && <NextIsCode signIn={signInPath(checkPath)} />}
      </form>
    </StepLayout>
  );
}

/** The reason, folded, since newcomers have more to fill in. */
function OptionalReason() {
  return (
    <details className="mb-3" open={Boolean(readBookingDraft().reason)}>
      <summary className="py-3">
        <Trans>Add a reason for your appointment (optional)</Trans>
      </summary>
      <ReasonField />
    </details>
  );
}

function NextIsCode({ signIn }: { signIn: string }) {
  return (
    <>
      <p className="mt-3 text-body-secondary">
        <Trans>Next, we email you a code. You do not need a password.</Trans>
      </p>
      <p className="mb-0">
        <Link className="btn btn-outline-primary" to={signIn}>
          <Trans>I already have an account</Trans>
        </Link>
      </p>
    </>
  );
}

const isValidPatient = (dependants: Dependant[], patient: string | null | undefined) =>
  patient === null || dependants.some(({ id }) => id === patient);
