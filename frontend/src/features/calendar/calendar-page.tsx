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
import { NotAPatient } from '@/shared/session/staff-notice';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { FeedList } from './feed-list';
import { feedsQuery, useMakeFeed } from './feeds';
import { NewAddress } from './new-link';

/** Appointments in a calendar of one's own: addresses for it to read, made and ended here. */
export function CalendarPage() {
  const { t } = useLingui();
  return (
    <QueryView page query={useUser()} loading={t`Looking up your details…`}>
      {(user) => (hasAppointments(user) ? <Feeds user={user} /> : <NotAPatient user={user} />)}
    </QueryView>
  );
}

const hasAppointments = ({ role }: User) => role === 'patient' || role === 'doctor';

function Feeds({ user }: { user: User }) {
  const { t } = useLingui();
  const [made, setMade] = useState<NewFeed>();
  return (
    <div className="form-page">
      <PageHeading title={t`In your own calendar`} />
      <p>
        <Trans>
          A calendar on your phone or computer can show your appointments here and follow when they change.
          Make an address for it to read.
        </Trans>
      </p>
      {made ? <NewAddress key={made.id} feed={made} /> : null}
      <Make onMade={setMade} />
      <h2 className="h5 mt-5">
        <Trans>Addresses you have made</Trans>
      </h2>
      <QueryView query={useQuery(feedsQuery())} loading={t`Looking up your addresses…`}>
        {(feeds) => (
          <FeedList
            feeds={feeds.results}
            onEnded={(id) => setMade((shown) => (shown?.id === id ? undefined : shown))}
          />
        )}
      </QueryView>
      <Link to={user.role === 'doctor' ? '/schedule' : '/profile'}>
        {user.role === 'doctor' ? <Trans>Back to my schedule</Trans> : <Trans>Back to my details</Trans>}
      </Link>
    </div>
  );
}

function Make({ onMade }: { onMade: (feed: NewFeed) => void }) {
  const { t } = useLingui();
  const make = useMakeFeed();
  const { form, submit } = useApiForm({
    schema: () => z.object({ name: required(t`Say what will read it`) }),
    defaults: { name: '' },
    save: async ({ name }) => {
      onMade(await make.mutateAsync(name));
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
        label={t`What will read it`}
        hint={t`Such as “my phone”, so that you know it again.`}
      />
      <SubmitButton busy={form.formState.isSubmitting} working={t`Making an address…`}>
        <Trans>Make an address</Trans>
      </SubmitButton>
    </form>
  );
}
