import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import * as z from 'zod/mini';
import { Choice } from '@/shared/forms/choice';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { TextField } from '@/shared/forms/field';
import { PasswordField } from '@/shared/forms/password-field';
import { optional, required } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { useFocusOn } from '@/shared/ui/use-focus-on';
import { type Source, useAddCalendar, useTestCalendar } from './outside-calendars';

interface Tested {
  source: Source;
  name: string;
  busyCount: number;
}

/** Adds a calendar in two steps: a test that counts its busy times, then a confirmation. */
export function AddCalendar({ doctor }: { doctor?: string }) {
  const [tested, setTested] = useState<Tested>();
  const [added, setAdded] = useState<{ name: string }>();
  const heading = useFocusOn<HTMLHeadingElement>(added);
  return (
    <section className="portal-card" aria-labelledby="add-calendar">
      <h2 id="add-calendar" ref={added && heading} tabIndex={-1} className="h5">
        <Trans>Add a calendar</Trans>
      </h2>
      {added && (
        <p role="status" className="notice notice-success">
          <Trans>“{added.name}” has been added. Its busy times can no longer be booked.</Trans>
        </p>
      )}
      {tested ? (
        <Confirm
          tested={tested}
          doctor={doctor}
          onBack={() => setTested(undefined)}
          onAdded={() => {
            setAdded({ name: tested.name });
            setTested(undefined);
          }}
        />
      ) : (
        <SourceForm doctor={doctor} onTested={setTested} />
      )}
    </section>
  );
}

function SourceForm({ doctor, onTested }: { doctor?: string; onTested: (tested: Tested) => void }) {
  const { t } = useLingui();
  const test = useTestCalendar(doctor);
  const [kind, setKind] = useState<'ics' | 'caldav'>('ics');
  const { form, submit } = useApiForm({
    schema: () =>
      z.object({
        name: required(t`Enter a name for the calendar`),
        address: required(t`Enter the address of the calendar`),
        user_name: optional(),
        password: z.string(),
      }),
    defaults: { name: '', address: '', user_name: '', password: '' },
    save: async ({ name, ...source }) => {
      const login = kind === 'caldav' ? {} : { user_name: '', password: '' };
      if (kind === 'caldav' && !source.user_name) {
        form.setError('user_name', { message: t`Enter the user name` });
        return;
      }
      const sent = { ...source, ...login };
      const { busy_count } = await test.mutateAsync(sent);
      onTested({ source: sent, name, busyCount: busy_count });
    },
  });
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary state={form.formState} />
      <TextField
        form={form}
        name="name"
        maxLength={60}
        autoComplete="off"
        label={t`Name`}
        hint={t`For example, “Family”. Only you and the clinic’s admins see it.`}
      />
      <fieldset className="field">
        <legend className="form-label fs-6">
          <Trans>How is it shared?</Trans>
        </legend>
        <Choice id="kind-ics" name="kind" checked={kind === 'ics'} onChange={() => setKind('ics')}>
          <Trans>A private calendar link (Google, Outlook, iCloud)</Trans>
        </Choice>
        <Choice id="kind-caldav" name="kind" checked={kind === 'caldav'} onChange={() => setKind('caldav')}>
          <Trans>CalDAV with a user name and an app password</Trans>
        </Choice>
      </fieldset>
      <TextField
        form={form}
        name="address"
        type="url"
        inputMode="url"
        maxLength={2000}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        label={t`Address`}
        hint={
          kind === 'ics'
            ? t`It begins with https:// or webcal://. In Google Calendar it is the “secret address in iCal format”.`
            : t`The address of one calendar. It begins with https://.`
        }
      />
      {kind === 'caldav' && (
        <>
          <TextField
            form={form}
            name="user_name"
            maxLength={200}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            label={t`User name`}
          />
          <PasswordField
            form={form}
            name="password"
            autoComplete="new-password"
            label={t`App password`}
            hint={t`Create one for this clinic with your calendar’s provider. We store it encrypted.`}
          />
        </>
      )}
      <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Reading the calendar…`}>
        <Trans>Test the calendar</Trans>
      </SubmitButton>
    </form>
  );
}

interface ConfirmProps {
  tested: Tested;
  doctor?: string;
  onBack: () => void;
  onAdded: () => void;
}

function Confirm({ tested, doctor, onBack, onAdded }: ConfirmProps) {
  const { t } = useLingui();
  const add = useAddCalendar(doctor);
  const heading = useFocusOn<HTMLHeadingElement>(tested);
  const { name } = tested;
  const { form, submit } = useApiForm({
    schema: () => z.object({}),
    defaults: {},
    save: async () => {
      await add.mutateAsync({ ...tested.source, name });
      onAdded();
    },
  });
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary state={form.formState} />
      <h3 ref={heading} tabIndex={-1} className="h6">
        <Plural
          value={tested.busyCount}
          one={`“${name}” has # busy time in the next two weeks`}
          other={`“${name}” has # busy times in the next two weeks`}
        />
      </h3>
      <p>
        <Trans>
          If you add it, patients cannot book these times. Appointments that are already booked do not change.
          We list them on this page.
        </Trans>
      </p>
      <div className="actions">
        <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Adding the calendar…`}>
          <Trans>Add the calendar</Trans>
        </SubmitButton>
        <button type="button" className="btn btn-outline-primary btn-lg" onClick={onBack}>
          <Trans>Back</Trans>
        </button>
      </div>
    </form>
  );
}
