import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import * as z from 'zod/mini';
import type { Dependant } from '@/shared/api/types';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { dependantQuery } from '@/shared/session/dependants';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { useRemovePerson } from './remove-person';

export function RemovePersonPage() {
  const { t } = useLingui();
  const { id = '' } = useParams();
  return (
    <QueryView page query={useQuery(dependantQuery(id))} loading={t`Loading their details…`}>
      {(person) => <RemovePerson person={person} />}
    </QueryView>
  );
}

function RemovePerson({ person }: { person: Dependant }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const remove = useRemovePerson(person.id);
  const { form, submit } = useApiForm({
    schema: () => z.object({}),
    defaults: {},
    save: async () => {
      await remove.mutateAsync();
      navigate('/profile/people', { replace: true });
    },
  });
  return (
    <form className="narrow" onSubmit={submit} noValidate>
      <PageHeading title={t`Remove ${person.name} from your account?`} />
      <ErrorSummary state={form.formState} />
      <p>
        <Trans>
          You will no longer be able to book for them or see their appointments. This does not cancel their
          appointments. Cancel any they do not need first.
        </Trans>
      </p>
      <div className="actions">
        <SubmitButton danger busy={form.formState.isSubmitting} busyLabel={t`Removing…`}>
          <Trans>Remove</Trans>
        </SubmitButton>
        <Link className="btn btn-outline-primary btn-lg" to="/profile/people">
          <Trans>Do not remove</Trans>
        </Link>
      </div>
    </form>
  );
}
