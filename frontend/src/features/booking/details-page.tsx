import { Trans, useLingui } from '@lingui/react/macro';
import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Dependant } from '@/shared/api/types';
import { Problems } from '@/shared/forms/error-summary';
import { useProblems } from '@/shared/forms/use-form-errors';
import { stepPath, timesPath } from '@/shared/paths/booking-paths';
import { useUser } from '@/shared/session/get-user';
import { useSignedIn } from '@/shared/session/use-session';
import { alternativesOf } from '@/shared/time-picker/slot-taken';
import { PageHeading } from '@/shared/ui/page-heading';
import { SummaryList } from '@/shared/ui/summary-list';
import { fieldOf, unanswered } from '@/shared/visit-types/answers';
import { QuestionField } from '@/shared/visit-types/question-field';
import { keepAnswer, readBookingDraft } from './booking-draft';
import { Refused } from './booking-error';
import { HoldNotice } from './hold-notice';
import { useDependants, WHO_FOR, WhoFor } from './patient-field';
import { ReasonField } from './reason-field';
import { type Plan, SlotPage } from './slot-page';
import { SlotRows } from './slot-rows';
import { TakenStep } from './slot-taken-step';
import { useHold } from './use-hold';

export function DetailsPage() {
  return <SlotPage step="details">{(plan) => <Details plan={plan} />}</SlotPage>;
}

function Details({ plan }: { plan: Plan }) {
  const { t } = useLingui();
  const { slot, doctor, visitType } = plan;
  const navigate = useNavigate();
  const signedIn = useSignedIn();
  const dependants = useDependants();
  const { data: user } = useUser();
  const [{ patient = null, answers }] = useState(readBookingDraft);
  const wish = { slot, visitType: visitType?.id ?? null, patient };
  const hold = useHold(wish, { enabled: user?.role === 'patient' });
  const { problems, tries, errorAt, show } = useProblems();
  // Every field keeps the draft up to date.
  const goOn = (event: FormEvent) => {
    event.preventDefault();
    const draft = readBookingDraft();
    const found = unanswered(visitType, draft.answers);
    if (dependants.length > 0 && !isOneOf(dependants, draft.patient)) {
      found.unshift({ field: WHO_FOR, message: t`Say who the appointment is for` });
    }
    if (show(found)) navigate(stepPath('check', slot, visitType?.id));
  };
  if (hold.taken)
    return (
      <TakenStep
        step="details"
        doctorId={doctor.id}
        visitType={visitType?.id}
        alternatives={alternativesOf(hold.taken)}
      />
    );
  return (
    <div className="narrow">
      <PageHeading title={t`Your appointment`} />
      {hold.refusal && dependants.length === 0 && (
        <Refused error={hold.refusal} doctorId={doctor.id} visitType={visitType?.id} />
      )}
      <Problems problems={problems} tries={tries} />
      <HoldNotice hold={hold} others={timesPath(doctor.id, visitType?.id, slot)} />
      <SummaryList>
        <SlotRows plan={plan} place={hold.held?.place} />
      </SummaryList>
      <form onSubmit={goOn} noValidate>
        {dependants.length > 0 && (
          <WhoFor
            dependants={dependants}
            error={errorAt(WHO_FOR)}
            here={stepPath('details', slot, visitType?.id)}
          />
        )}
        {visitType?.questions.map((question) => (
          <QuestionField
            key={question.id}
            question={question}
            error={errorAt(fieldOf(question))}
            given={answers[question.id]}
            answer={(answer) => keepAnswer(question.id, answer)}
          />
        ))}
        <ReasonField />
        <button type="submit" className="btn btn-primary btn-lg">
          <Trans>Continue</Trans>
        </button>
        {!signedIn && (
          <p className="mt-3 text-body-secondary">
            <Trans>Next you sign in or register, and then confirm.</Trans>
          </p>
        )}
      </form>
    </div>
  );
}

const isOneOf = (dependants: Dependant[], patient: string | null | undefined) =>
  patient === null || dependants.some(({ id }) => id === patient);
