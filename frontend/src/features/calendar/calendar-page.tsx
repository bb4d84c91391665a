import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import * as z from 'zod/mini';
import type { NewFeed, User } from '@/shared/api/types';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { TextField } from '@/shared/forms/field';
import { required } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { useUser } from '@/shared/session/get-user';
import { StaffNotice } from '@/shared/session/staff-notice';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { FeedList } from './feed-list';
import { feedsQuery, useCreateFeed } from './feeds';
import { NewLink } from './new-link';

/** Creates and revokes the links that show appointments in the user's own calendar. */
export function CalendarPage() {
  const { t } = useLingui();
  return (
    <QueryView page query={useUser()} loading={t`Loading your details…`}>
      {(user) => (hasAppointments(user) ? <Feeds user={user} /> : <StaffNotice />)}
    </QueryView>
  );
}

const hasAppointments = ({ role }: User) => role === 'patient' || role === 'doctor';

function Feeds({ user }: { user: User }) {
  const { t } = useLingui();
  const [created, setCreated] = useState<NewFeed>();
  return (
    <div className="form-page">
      <PageHeading title={t`Add appointments to your calendar`} />
      <p>
        <Trans>
          The calendar on your phone or computer can show your appointments and update them when they change.
          To set this up, create a calendar link.
        </Trans>
      </p>
      {created ? <NewLink key={created.id} feed={created} /> : null}
      <CreateLink onCreated={setCreated} />
      <h2 className="h5 mt-5">
        <Trans>Your calendar links</Trans>
      </h2>
      <QueryView query={useQuery(feedsQuery())} loading={t`Loading your calendar links…`}>
        {(feeds) => (
          <FeedList
            feeds={feeds.results}
            onRevoked={(id) => setCreated((shown) => (shown?.id === id ? undefined : shown))}
          />
        )}
      </QueryView>
      {user.role === 'patient' && (
        <Link to="/profile">
          <Trans>Back to my details</Trans>
        </Link>
      )}
    </div>
  );
}

function CreateLink({ onCreated }: { onCreated: (feed: NewFeed) => void }) {
  const { t } = useLingui();
  const create = useCreateFeed();
  const { form, submit } = useApiForm({
    schema: () => z.object({ name: required(t`Enter a name for the link`) }),
    defaults: { name: '' },
    save: async ({ name }) => {
      onCreated(await create.mutateAsync(name));
      form.reset();
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
        label={t`Name of the link`}
        hint={t`For example, “My phone”.`}
      />
      <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Creating the link…`}>
        <Trans>Create a calendar link</Trans>
      </SubmitButton>
    </form>
  );
}
