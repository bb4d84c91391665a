import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import * as z from 'zod/mini';
import type { Offer } from '@/gen';
import { alternativesOf, SlotTaken } from '@/shared/alternatives/slot-taken';
import { type ApiError, isApiError } from '@/shared/api/api-error';
import type { WaitlistEntry } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { VisitLocation } from '@/shared/clinic/visit-location';
import { ErrorList, ErrorSummary } from '@/shared/forms/error-summary';
import { TextArea } from '@/shared/forms/field';
import { optional } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { useFormErrors } from '@/shared/forms/use-form-errors';
import { bookingStepPath, timesPath } from '@/shared/paths/booking-paths';
import { AppointmentTime } from '@/shared/times/appointment-time';
import { shortDateTime } from '@/shared/times/format';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { SummaryList, SummaryRow } from '@/shared/ui/summary-list';
import { type Answers, missingAnswers, questionFieldId, relevantAnswers } from '@/shared/visit-types/answers';
import { QuestionField } from '@/shared/visit-types/question-field';
import { VisitSummary } from '@/shared/visit-types/visit-summary';
import { useAcceptOffer } from './accept-offer';
import { waitingListQuery } from './get-waiting-list';
import { ReplaceField } from './replace-field';

const REASON_MAX = 500;

export function AcceptOfferPage() {
  const { t } = useLingui();
  const { id } = useParams();
  return (
    <div className="narrow">
      <QueryView page query={useQuery(waitingListQuery())} loading={t`Loading the appointment…`}>
        {(entries) => {
          const entry = entries.find((each) => each.id === id);
          if (!entry?.offer) return <OfferEnded />;
          return <Accept key={entry.offer.id} entry={entry} offer={entry.offer} />;
        }}
      </QueryView>
    </div>
  );
}

interface AcceptProps {
  entry: WaitlistEntry;
  offer: Offer;
}

/** State and submit handler of the form that accepts an offer. */
function useAcceptForm(offer: Offer) {
  const navigate = useNavigate();
  const { visit_types } = useClinic();
  const accept = useAcceptOffer(offer.id);
  const formErrors = useFormErrors();
  const [answers, setAnswers] = useState<Answers>({});
  const [replaces, setReplaces] = useState<string | null>(null);
  const visitType = visit_types.find(({ id }) => id === offer.time.visit_type?.id) ?? null;
  const { form, submit } = useApiForm({
    schema: () => z.object({ reason: optional() }),
    defaults: { reason: '' },
    save: async ({ reason }) => {
      const booking = await accept.mutateAsync({
        reason,
        answers: relevantAnswers(visitType, answers),
        ...(replaces && { replaces }),
      });
      navigate(`/appointments/${booking.id}?booked${replaces ? '&replaced' : ''}`, { replace: true });
    },
  });
  const submitOffer = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (formErrors.show(missingAnswers(visitType, answers))) submit(event);
  };
  const answer = (question: string, given: string) => setAnswers({ ...answers, [question]: given });
  const questions = visitType?.questions ?? [];
  const replacing = { replaces, setReplaces };
  return { form, submitOffer, formErrors, questions, answers, answer, replacing, error: accept.error };
}

function Accept({ entry, offer }: AcceptProps) {
  const { t } = useLingui();
  const { form, submitOffer, formErrors, questions, answers, answer, replacing, error } =
    useAcceptForm(offer);
  if (isApiError(error, 'offer_ended', 'offer_withdrawn')) return <OfferLost offer={offer} error={error} />;
  return (
    <form onSubmit={submitOffer} noValidate>
      <PageHeading title={t`Accept this appointment?`} />
      <p>
        <Trans>
          We are holding this appointment for you until <strong>{shortDateTime(offer.ends_at_local)}</strong>,{' '}
          {offer.tz_label}.
        </Trans>
      </p>
      <ErrorList errors={formErrors.errors} attempts={formErrors.attempts} />
      {formErrors.errors.length === 0 && <ErrorSummary state={form.formState} />}
      <OfferRows entry={entry} offer={offer} />
      <ReplaceField offer={offer} {...replacing} />
      {questions.map((question) => (
        <QuestionField
          key={question.id}
          question={question}
          error={formErrors.errorAt(questionFieldId(question))}
          value={answers[question.id]}
          onAnswer={(given) => answer(question.id, given)}
        />
      ))}
      <TextArea
        form={form}
        name="reason"
        label={t`What is the reason for your appointment?`}
        optional
        rows={3}
        maxLength={REASON_MAX}
      />
      <div className="actions">
        <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Booking…`}>
          <Trans>Accept appointment</Trans>
        </SubmitButton>
        <Link className="btn btn-outline-primary btn-lg" to="/appointments">
          <Trans>Decide later</Trans>
        </Link>
      </div>
    </form>
  );
}

function OfferRows({ entry, offer: { time } }: AcceptProps) {
  const { t } = useLingui();
  return (
    <SummaryList>
      {time.visit_type && (
        <SummaryRow label={t`Type of visit`}>
          <VisitSummary visit={time.visit_type} />
        </SummaryRow>
      )}
      <SummaryRow label={t`Doctor`}>{time.doctor.display_name}</SummaryRow>
      <SummaryRow label={t`When`}>
        <AppointmentTime time={time} />
      </SummaryRow>
      <SummaryRow label={t`Where`}>
        <VisitLocation visit={time.visit_type} place={time.place} />
      </SummaryRow>
      <SummaryRow label={t`Patient`}>{entry.patient.name}</SummaryRow>
    </SummaryList>
  );
}

/** The offer ended while the patient was answering it. Lists the nearest open times. */
function OfferLost({ offer: { time }, error }: { offer: Offer; error: ApiError }) {
  const visitType = time.visit_type?.id;
  return (
    <SlotTaken
      alternatives={alternativesOf(error)}
      message={error.message}
      to={(slot) => bookingStepPath('details', slot, visitType)}
      allTimes={timesPath(time.doctor.id, visitType)}
    />
  );
}

function OfferEnded() {
  const { t } = useLingui();
  return (
    <>
      <PageHeading title={t`This offer has expired`} />
      <p>
        <Trans>You have already answered this offer, or you did not answer in time.</Trans>
      </p>
      <CallTheClinic />
      <p className="mt-3">
        <Link to="/appointments">
          <Trans>View all my appointments</Trans>
        </Link>
      </p>
    </>
  );
}
