import { Trans, useLingui } from '@lingui/react/macro';
import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Dependant, Question } from '@/shared/api/types';
import { stepPath, timesPath } from '@/shared/choose-time/step-path';
import { alternativesOf } from '@/shared/choose-time/taken';
import { Problems } from '@/shared/forms/error-summary';
import { useUser } from '@/shared/session/get-user';
import { useSignedIn } from '@/shared/session/use-session';
import { PageHeading } from '@/shared/ui/page-heading';
import { SummaryList } from '@/shared/ui/summary-list';
import { answersTo, readBookingDraft, unanswered } from './booking-draft';
import { HoldNotice } from './hold-notice';
import { fieldOf, QuestionField } from './question-field';
import { ReasonField } from './reason-field';
import { Refused } from './refused';
import { type Plan, SlotPage } from './slot-page';
import { SlotRows } from './slot-rows';
import { TakenStep } from './taken-step';
import { useHold } from './use-hold';
import { useDependants, WHO_FOR, WhoFor } from './who-for';

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
  const [{ patient = null }] = useState(readBookingDraft);
  const wish = { slot, visitType: visitType?.id ?? null, patient };
  const hold = useHold(wish, { enabled: user?.role === 'patient' });
  const { problems, tries, look } = useProblems(plan, dependants);
  const goOn = (event: FormEvent) => {
    event.preventDefault();
    if (look()) navigate(stepPath('check', slot, visitType?.id));
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
  const errorAt = (name: string) => problems.find(({ field }) => field === name)?.message;
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
          <QuestionField key={question.id} question={question} error={errorAt(fieldOf(question))} />
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

/** What is missing in the draft, which every field keeps up to date; looked for when somebody goes on. */
function useProblems({ visitType }: Plan, dependants: Dependant[]) {
  const { t } = useLingui();
  const [{ problems, tries }, setFound] = useState({ problems: [] as Problem[], tries: 0 });
  const words = ({ kind, text }: Question) =>
    kind === 'text' ? t`Answer: ${text}` : t`Choose an answer: ${text}`;
  const look = (): boolean => {
    const draft = readBookingDraft();
    const found = unanswered(visitType, answersTo(visitType, draft)).map((question) => ({
      field: fieldOf(question),
      message: words(question),
    }));
    if (dependants.length > 0 && !isOneOf(dependants, draft.patient)) {
      found.unshift({ field: WHO_FOR, message: t`Say who the appointment is for` });
    }
    setFound({ problems: found, tries: tries + 1 });
    return found.length === 0;
  };
  return { problems, tries, look };
}

interface Problem {
  field: string;
  message: string;
}

const isOneOf = (dependants: Dependant[], patient: string | null | undefined) =>
  patient === null || dependants.some(({ id }) => id === patient);
