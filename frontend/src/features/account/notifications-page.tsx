import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link } from 'react-router';
import type { MessagePreference } from '@/shared/api/types';
import { Choice } from '@/shared/forms/choice';
import { SubmitButton } from '@/shared/forms/submit-button';
import { RequirePatient } from '@/shared/session/require-patient';
import { ErrorMessage } from '@/shared/ui/error-message';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { preferencesQuery, useSavePreferences } from './notifications';
import { SavedNotice } from './saved-notice';

export function NotificationsPage() {
  return <RequirePatient>{() => <Notifications />}</RequirePatient>;
}

function Notifications() {
  const { t } = useLingui();
  return (
    <div className="form-page">
      <PageHeading title={t`Notifications`} />
      <p>
        <Trans>
          Choose which messages you get. This also applies to messages about the people you care for. We
          always tell you about new, changed and cancelled appointments.
        </Trans>
      </p>
      <QueryView query={useQuery(preferencesQuery())} loading={t`Loading your choices…`}>
        {({ preferences }) => <PreferencesForm saved={preferences} />}
      </QueryView>
      <p className="mt-4 mb-0">
        <Link to="/profile">
          <Trans>Back to my details</Trans>
        </Link>
      </p>
    </div>
  );
}

const keyOf = ({ topic, channel }: MessagePreference) => `${topic}-${channel}`;

function PreferencesForm({ saved }: { saved: MessagePreference[] }) {
  const { t } = useLingui();
  const save = useSavePreferences();
  const [saveCount, setSaveCount] = useState(0);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const ticked = new FormData(event.currentTarget);
    const choices = saved.map((choice) => ({ ...choice, is_wanted: ticked.has(keyOf(choice)) }));
    if (!save.isPending) save.mutate(choices, { onSuccess: () => setSaveCount(saveCount + 1) });
  };
  const topics = [...new Set(saved.map(({ topic }) => topic))];
  return (
    <>
      {saveCount > 0 && <SavedNotice saveCount={saveCount} />}
      {save.isError && <ErrorMessage error={save.error} />}
      <form onSubmit={submit}>
        {topics.map((topic) => (
          <Topic key={topic} topic={topic} choices={saved.filter((choice) => choice.topic === topic)} />
        ))}
        <SubmitButton busy={save.isPending} busyLabel={t`Saving…`}>
          <Trans>Save</Trans>
        </SubmitButton>
      </form>
    </>
  );
}

interface TopicProps {
  topic: MessagePreference['topic'];
  choices: MessagePreference[];
}

function Topic({ topic, choices }: TopicProps) {
  const { t } = useLingui();
  const texts = {
    reminders: [t`Reminders`, t`Before each appointment.`],
    questionnaires: [
      t`Questions before a visit`,
      t`If the clinic needs to know something before your visit.`,
    ],
    follow_ups: [t`Follow-up messages`, t`Some days after a visit.`],
    offers: [t`Waiting list offers`, t`If you are on the waiting list and a time becomes free.`],
  };
  const [title, hint] = texts[topic];
  const channels = { email: t`By email`, sms: t`By text message` };
  return (
    <fieldset className="form-section">
      <legend>{title}</legend>
      <p className="text-body-secondary mb-1" id={`${topic}-hint`}>
        {hint}
      </p>
      {choices.map((choice) => (
        <Choice
          key={choice.channel}
          type="checkbox"
          id={keyOf(choice)}
          name={keyOf(choice)}
          defaultChecked={choice.is_wanted}
          aria-describedby={`${topic}-hint`}
        >
          {channels[choice.channel]}
        </Choice>
      ))}
    </fieldset>
  );
}
