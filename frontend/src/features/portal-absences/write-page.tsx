import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import * as z from 'zod/mini';
import type { Reach } from '@/gen';
import { randomUuid } from '@/shared/api/random-uuid';
import { Choice } from '@/shared/forms/choice';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { TextArea } from '@/shared/forms/field';
import { required } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { longDate, startTime } from '@/shared/times/format';
import { PageHeading } from '@/shared/ui/page-heading';
import { type AbsencePreview, useWriteToPatients } from './absences';
import { Reached } from './booking-row';
import { EmailPreview } from './email-preview';

interface WritePageProps {
  preview: AbsencePreview;
  onBack: () => void;
}

/** Sends a message to the patients of chosen appointments, and lists the patients to call. */
export function WritePage({ preview, onBack }: WritePageProps) {
  const { t } = useLingui();
  const [sent, setSent] = useState<Reach>();
  return (
    <div className="absences">
      <PageHeading title={sent ? t`Message sent` : t`Write to the patients`} />
      {sent ? <Sent reach={sent} /> : <WriteForm preview={preview} onSent={setSent} />}
      <button type="button" className="btn btn-outline-primary mt-3" onClick={onBack}>
        <Trans>Back to the appointments</Trans>
      </button>
    </div>
  );
}

function WriteForm({ preview, onSent }: { preview: AbsencePreview; onSent: (reach: Reach) => void }) {
  const { t } = useLingui();
  const write = useWriteToPatients();
  const { bookings, reach } = preview;
  const [key] = useState(randomUuid);
  const [chosen, setChosen] = useState(() => new Set(bookings.map(({ booking }) => booking.id)));
  const { form, submit } = useApiForm({
    schema: () => z.object({ text: required(t`Write a message`) }),
    defaults: { text: '' },
    save: async ({ text }) => {
      if (chosen.size === 0) {
        form.setError('root.server', { message: t`Choose at least one appointment` });
        return;
      }
      onSent(await write.mutateAsync({ key, bookings: [...chosen], text }));
    },
  });
  const toggle = (id: string) =>
    setChosen((all) => new Set(all.has(id) ? [...all].filter((other) => other !== id) : [...all, id]));
  const [first] = chosen;
  const texted = reach.people.find(
    ({ booking, channels }) => chosen.has(booking) && channels.join() === 'sms' && booking !== first,
  );
  return (
    <form onSubmit={submit} noValidate className="portal-narrow">
      <ErrorSummary state={form.formState} />
      <fieldset className="portal-card">
        <legend className="h5">
          <Plural value={chosen.size} one="# appointment chosen" other="# appointments chosen" />
        </legend>
        {bookings.map(({ booking }) => (
          <Choice
            key={booking.id}
            id={`choose-${booking.id}`}
            type="checkbox"
            checked={chosen.has(booking.id)}
            onChange={() => toggle(booking.id)}
          >
            {booking.patient?.name}, {longDate(booking.local_date)}, {startTime(booking)}{' '}
            <Reached person={reach.people.find((person) => person.booking === booking.id)} />
          </Choice>
        ))}
      </fieldset>
      <div className="portal-card">
        <TextArea
          form={form}
          name="text"
          rows={4}
          maxLength={500}
          autoComplete="off"
          label={t`Message`}
          hint={t`We email it with the details of each patient’s appointment, or send it as a text message if emails do not arrive. Do not mention anyone’s health.`}
        />
        {first && <EmailPreview booking={first} reason={form.watch('text').trim()} onlyMessage />}
        {texted && (
          <EmailPreview
            booking={texted.booking}
            reason={form.watch('text').trim()}
            onlyMessage
            texted={texted.patient_name}
          />
        )}
      </div>
      <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Sending the message…`}>
        <Trans>Send the message</Trans>
      </SubmitButton>
    </form>
  );
}

/** The number of patients who get the message, and the patients to call. */
function Sent({ reach }: { reach: Reach }) {
  const toCall = reach.people.filter(({ channels }) => channels.length === 0);
  return (
    <div className="portal-narrow">
      <p role="status" className="notice notice-success">
        <Plural
          value={reach.reached}
          one="The message goes to # patient."
          other="The message goes to # patients."
        />
      </p>
      {toCall.length > 0 && (
        <section className="notice notice-warning">
          <h2 className="h5">
            <Trans>Patients to call ({toCall.length})</Trans>
          </h2>
          <ul className="list-unstyled absence-outcomes">
            {toCall.map((person) => (
              <li key={person.booking}>
                <strong className="d-block">{person.patient_name}</strong>
                <Reached person={person} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
