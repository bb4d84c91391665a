import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import * as z from 'zod/mini';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { TextField } from '@/shared/forms/field';
import { optional } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import {
  type AbsencePreview,
  type Action,
  type Decision,
  type Decisions,
  type Outcome,
  useRecordAbsence,
} from './absences';
import { BookingRow } from './booking-row';
import { EmailPreview } from './email-preview';

interface DecideProps {
  preview: AbsencePreview;
  onBack: () => void;
  /** Only writes to the patients: nothing is changed. */
  onWrite: () => void;
  onDone: (outcomes: Outcome[]) => void;
}

/** The appointments in an absence, each with a decision, and what patients are told. */
export function Decide({ preview, onBack, onWrite, onDone }: DecideProps) {
  const { t } = useLingui();
  const { bookings, reach } = preview;
  const record = useRecordAbsence();
  const [decisions, setDecisions] = useState<Decisions>(() => decideAll(preview, 'move'));
  const { form, submit } = useApiForm({
    schema: () => z.object({ note: optional() }),
    defaults: { note: '' },
    save: async ({ note }) => onDone((await record.mutateAsync({ preview, note, decisions })).bookings),
  });
  const decide = (id: string, decision: Decision) => setDecisions((all) => ({ ...all, [id]: decision }));
  const first = bookings.find(({ booking }) => decisions[booking.id]?.action !== 'keep');
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
          <ForAll preview={preview} decisions={decisions} onDecide={setDecisions} />
          <ul className="list-unstyled absence-list">
            {bookings.map((affected) => (
              <BookingRow
                key={affected.booking.id}
                affected={affected}
                person={reach.people.find(({ booking }) => booking === affected.booking.id)}
                decision={decisions[affected.booking.id] ?? { action: 'keep', slot: null }}
                onDecide={(decision) => decide(affected.booking.id, decision)}
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
              hint={t`They read it in the email. Write nothing about anybody’s health, for example “The doctor is away today.”`}
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
            <Trans>Only write to them</Trans>
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
        one="# patient gets no message, so somebody has to call."
        other="# patients get no message, so somebody has to call."
      />
    </p>
  );
}

interface ForAllProps {
  preview: AbsencePreview;
  decisions: Decisions;
  onDecide: (decisions: Decisions) => void;
}

/** The same decision for all appointments. */
function ForAll({ preview, decisions, onDecide }: ForAllProps) {
  const { t } = useLingui();
  return (
    <fieldset className="absence-all">
      <legend className="visually-hidden">
        <Trans>Decide for all</Trans>
      </legend>
      <All label={t`Move all`} onClick={() => onDecide(decideAll(preview, 'move'))} />
      <All label={t`Cancel all`} onClick={() => onDecide(decideAll(preview, 'cancel'))} />
      <All label={t`Keep all`} onClick={() => onDecide(decideAll(preview, 'keep'))} />
      <Counts decisions={decisions} />
    </fieldset>
  );
}

function All({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" className="btn btn-outline-primary" onClick={onClick}>
      {label}
    </button>
  );
}

/** Says how many are moved, cancelled and kept. */
function Counts({ decisions }: { decisions: Decisions }) {
  const count = (action: Action) =>
    Object.values(decisions).filter((decision) => decision.action === action).length;
  return (
    <span role="status">
      <Trans>
        {count('move')} to move, {count('cancel')} to cancel, {count('keep')} to keep
      </Trans>
    </span>
  );
}

/** The same decision for all. An appointment without an alternative cannot be moved, so it is kept. */
function decideAll({ bookings }: AbsencePreview, action: Action): Decisions {
  return Object.fromEntries(
    bookings.map(({ booking, alternatives }) => {
      const best = alternatives?.[0];
      if (action !== 'move') return [booking.id, { action, slot: null }];
      // With very many appointments none are searched: the server then takes the best one.
      const canMove = alternatives === null || best !== undefined;
      return [booking.id, { action: canMove ? 'move' : 'keep', slot: best?.id ?? null }];
    }),
  );
}
