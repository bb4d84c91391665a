import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import * as z from 'zod/mini';
import type { Outcome } from '@/gen';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { TextField } from '@/shared/forms/field';
import { optional } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { ChoiceTotals, ChooseForAll } from '@/shared/staff/affected/choose-for-all';
import { type Choices, chooseForAll, toDecisions } from '@/shared/staff/affected/decisions';
import { type AbsencePreview, useRecordAbsence } from './absences';
import { BookingRow } from './booking-row';
import { EmailPreview } from './email-preview';

interface DecideProps {
  preview: AbsencePreview;
  onBack: () => void;
  /** Sends the patients a message without changing their appointments. */
  onWrite: () => void;
  onDone: (outcomes: Outcome[]) => void;
}

/** The appointments in an absence, with a choice of what happens to each, and the reason for the patients. */
export function Decide({ preview, onBack, onWrite, onDone }: DecideProps) {
  const { t } = useLingui();
  const { bookings, reach } = preview;
  const record = useRecordAbsence();
  const [choices, setChoices] = useState<Choices>(() => chooseForAll(bookings, 'move'));
  const { form, submit } = useApiForm({
    schema: () => z.object({ note: optional() }),
    defaults: { note: '' },
    save: async ({ note }) => {
      const recorded = await record.mutateAsync({ preview, note, decisions: toDecisions(choices) });
      onDone(recorded.bookings);
    },
  });
  const first = bookings.find(({ booking }) => choices[booking.id] !== 'keep');
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary state={form.formState} />
      {bookings.length === 0 ? (
        <p className="portal-card">
          <Trans>There are no appointments in this time.</Trans>
        </p>
      ) : (
        <>
          <Summary count={bookings.length} notReached={reach.not_reached} />
          <ChooseForAll bookings={bookings} choose={setChoices} />
          <p role="status">
            <ChoiceTotals bookings={bookings} choices={choices} />
          </p>
          <ul className="list-unstyled absence-list">
            {bookings.map((affected) => (
              <BookingRow
                key={affected.booking.id}
                affected={affected}
                person={reach.people.find(({ booking }) => booking === affected.booking.id)}
                choice={choices[affected.booking.id]}
                choose={(choice) => setChoices({ ...choices, [affected.booking.id]: choice })}
              />
            ))}
          </ul>
          <div className="portal-card portal-narrow">
            <TextField
              form={form}
              name="note"
              optional
              maxLength={120}
              autoComplete="off"
              label={t`Reason for the patients`}
              hint={t`We include it in the email, for example “The doctor is away today.” Do not mention anyone’s health.`}
            />
            {first && (
              <EmailPreview
                booking={first.booking.id}
                reason={form.watch('note').trim()}
                onlyMessage={false}
              />
            )}
          </div>
        </>
      )}
      <div className="actions">
        <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Recording the absence…`}>
          <Trans>Record the absence</Trans>
        </SubmitButton>
        {bookings.length > 0 && (
          <button type="button" className="btn btn-outline-primary btn-lg" onClick={onWrite}>
            <Trans>Only send a message</Trans>
          </button>
        )}
        <button type="button" className="btn btn-outline-primary btn-lg" onClick={onBack}>
          <Trans>Back</Trans>
        </button>
      </div>
    </form>
  );
}

function Summary({ count, notReached }: { count: number; notReached: number }) {
  return (
    <p>
      <Plural value={count} one="# appointment." other="# appointments." />{' '}
      <Plural
        value={notReached}
        _0="All patients get an email or text message."
        one="# patient cannot get a message. Call them."
        other="# patients cannot get a message. Call them."
      />
    </p>
  );
}
