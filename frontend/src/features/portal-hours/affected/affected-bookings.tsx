import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { AffectedBooking } from '@/gen';
import { ErrorList, type FormError } from '@/shared/forms/error-summary';
import { Labelled } from '@/shared/forms/labelled';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useFormErrors } from '@/shared/forms/use-form-errors';
import { choiceId } from '@/shared/staff/affected/choice-select';
import { ChoiceTotals, ChooseForAll } from '@/shared/staff/affected/choose-for-all';
import { type Choices, toDecisions } from '@/shared/staff/affected/decisions';
import { longDate } from '@/shared/times/format';
import { PageHeading } from '@/shared/ui/page-heading';
import { useWholePageStep } from '../schedule/whole-page-step';
import { AffectedRow } from './affected-row';
import type { Decisions } from './decisions';

interface AffectedBookingsProps {
  bookings: AffectedBooking[];
  /** Why the appointments are affected. */
  children: ReactNode;
  save: (decisions: Decisions) => void;
  busy: boolean;
  /** The reason for the patients, if it is known. */
  reason?: string;
  /** The error, if saving has failed. */
  error?: ReactNode;
  back: () => void;
}

/** Lists the appointments that a change affects, with a choice of what happens to each. */
export function AffectedBookings(props: AffectedBookingsProps) {
  const { bookings, children, save, busy, reason = '', error, back } = props;
  const { t } = useLingui();
  useWholePageStep();
  const [choices, setChoices] = useState<Choices>({});
  const [note, setNote] = useState(reason);
  const { errors, attempts, show } = useFormErrors();
  const decided = new Set(Object.keys(choices).map(choiceId));
  const shown = errors.filter(({ field }) => !decided.has(field));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const undecided = bookings.filter(({ booking }) => !choices[booking.id]);
    const found: FormError[] = undecided.slice(0, 5).map(({ booking }) => ({
      field: choiceId(booking.id),
      message: t`Choose what happens to the appointment of ${booking.patient.name}`,
    }));
    if (show(found) && !busy) save({ bookings: toDecisions(choices), note: note.trim() });
  };
  return (
    <form noValidate onSubmit={submit} className="affected">
      <PageHeading title={t`Appointments affected by this change`} />
      <ErrorList errors={shown} attempts={attempts} />
      {error}
      <p>{children}</p>
      <ChooseForAll bookings={bookings} choose={setChoices} />
      <Days
        bookings={bookings}
        choices={choices}
        choose={(id, choice) => setChoices({ ...choices, [id]: choice })}
      />
      <div className="portal-narrow">
        <Labelled
          id="note"
          label={t`Reason for the patients`}
          optional
          hint={t`We include it in the email to patients whose appointment is moved or cancelled. Do not mention anyone’s health.`}
        >
          <input
            id="note"
            className="form-control"
            maxLength={120}
            aria-describedby="note-hint"
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </Labelled>
      </div>
      <div className="affected-actions">
        <p role="status" className="mb-0">
          <ChoiceTotals bookings={bookings} choices={choices} />
        </p>
        <SubmitButton busy={busy} busyLabel={<Trans>Saving…</Trans>}>
          <Trans>Save this change</Trans>
        </SubmitButton>
        <button type="button" className="btn btn-outline-primary" onClick={back}>
          <Trans>Go back and change nothing</Trans>
        </button>
      </div>
    </form>
  );
}

interface DaysProps {
  bookings: AffectedBooking[];
  choices: Choices;
  choose: (id: string, choice: string) => void;
}

function Days({ bookings, choices, choose }: DaysProps) {
  const days = [...new Set(bookings.map(({ booking }) => booking.local_date))].map(
    (date) => [date, bookings.filter(({ booking }) => booking.local_date === date)] as const,
  );
  return days.map(([date, rows]) => (
    <section key={date} className="affected-day" aria-labelledby={`affected-${date}`}>
      <h2 id={`affected-${date}`} className="h6">
        {longDate(date)}{' '}
        <span className="fw-normal text-body-secondary">
          <Plural value={rows.length} one="# appointment" other="# appointments" />
        </span>
      </h2>
      <ul className="list-unstyled mb-0">
        {rows.map((row) => (
          <AffectedRow
            key={row.booking.id}
            row={row}
            choice={choices[row.booking.id]}
            choose={(choice) => choose(row.booking.id, choice)}
          />
        ))}
      </ul>
    </section>
  ));
}
