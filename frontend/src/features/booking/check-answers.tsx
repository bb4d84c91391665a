import { Trans, useLingui } from '@lingui/react/macro';
import type { FormEvent, ReactNode } from 'react';
import type { User } from '@/shared/api/types';
import { bookingStepPath, timesPath } from '@/shared/paths/booking-paths';
import { PageHeading } from '@/shared/ui/page-heading';
import { SummaryList, SummaryRow } from '@/shared/ui/summary-list';
import { answerLabel } from '@/shared/visit-types/answer-label';
import type { Answers } from '@/shared/visit-types/answers';
import { BookingError } from './booking-error';
import { ConfirmButton } from './confirm-button';
import { HoldNotice } from './hold-notice';
import type { PlannedBooking } from './slot-page';
import { StepLayout } from './step-layout';
import type { Progress } from './use-confirm';
import type { HoldState } from './use-hold';

interface CheckAnswersProps {
  plan: PlannedBooking;
  user: User;
  reason: string;
  answers: Answers;
  /** The dependant's name; null for the user. */
  patient: string | null;
  /** Whether the user can book for somebody else. */
  hasDependants: boolean;
  hold: HoldState;
  progress: Progress;
  error: Error | null;
  confirm: () => void;
}

export function CheckAnswers(props: CheckAnswersProps) {
  const { plan, user, hold, progress, error, confirm } = props;
  const { t } = useLingui();
  const { slot, doctor, visitType } = plan;
  const profile = `/profile?next=${encodeURIComponent(bookingStepPath('check', slot, visitType?.id))}`;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm();
  };
  return (
    <StepLayout
      current={3}
      back={bookingStepPath('details', slot, visitType?.id)}
      plan={plan}
      place={hold.held?.place}
      head={
        <>
          <PageHeading title={t`Check your answers`} />
          {error && progress === 'idle' && (
            <BookingError error={error} doctorId={doctor.id} visitType={visitType?.id} />
          )}
          <HoldNotice hold={hold} otherTimesPath={timesPath(doctor.id, visitType?.id, slot)} />
        </>
      }
    >
      <h2 className="h5 beside-title">{t`Your details`}</h2>
      <SummaryList>
        <AnswerRows {...props} />
        <SummaryRow label={t`Your name`} change={profile}>
          {user.first_name} {user.last_name}
        </SummaryRow>
        <SummaryRow label={t`Contact details`} change={profile}>
          <span className="d-block text-break">{user.email}</span>
          {user.phone_display || <Trans>No phone number</Trans>}
        </SummaryRow>
      </SummaryList>
      <form onSubmit={submit}>
        <ConfirmButton progress={progress} needsApproval={visitType?.needs_approval ?? false} />
      </form>
    </StepLayout>
  );
}

/** The answers from the details step. */
function AnswerRows({
  plan: { slot, visitType },
  reason,
  answers,
  patient,
  hasDependants,
}: CheckAnswersProps) {
  const { t } = useLingui();
  const details = bookingStepPath('details', slot, visitType?.id);
  const notGiven: ReactNode = <Trans>Not provided</Trans>;
  return (
    <>
      {hasDependants && (
        <SummaryRow label={t`Patient`} change={details}>
          {patient ?? <Trans>Me</Trans>}
        </SummaryRow>
      )}
      {visitType?.questions.map(({ id, text }) => (
        <SummaryRow key={id} label={text} change={details}>
          {answers[id] ? answerLabel(answers[id]) : notGiven}
        </SummaryRow>
      ))}
      <SummaryRow label={t`Reason`} change={details}>
        {reason || notGiven}
      </SummaryRow>
    </>
  );
}
