import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import type { Dependant } from '@/shared/api/types';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { returnPath } from '@/shared/paths/return-path';
import { dependantQuery } from '@/shared/session/dependants';
import { deleteDraft, readDraft, saveDraft } from '@/shared/session/draft';
import { RequirePatient } from '@/shared/session/require-patient';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { PersonFields } from './person-fields';
import { type PersonForm, personSchema, toForm } from './person-form';
import { useSavePerson } from './save-person';

export function AddPersonPage() {
  return <RequirePatient>{() => <PersonDetails />}</RequirePatient>;
}

export function ChangePersonPage() {
  const { t } = useLingui();
  const { id = '' } = useParams();
  return (
    <QueryView page query={useQuery(dependantQuery(id))} loading={t`Loading their details…`}>
      {(known) => <PersonDetails known={known} />}
    </QueryView>
  );
}

function PersonDetails({ known }: { known?: Dependant }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const save = useSavePerson(known?.id);
  const draft = `person ${known?.id ?? 'new'}`;
  const { form, submit } = useApiForm<PersonForm>({
    schema: personSchema,
    defaults: { ...toForm(known), ...readDraft<PersonForm>(draft) },
    save: async (values) => {
      // The draft survives if the session expires before the server has saved the values.
      saveDraft(draft, values);
      await save.mutateAsync(values);
      deleteDraft(draft);
      navigate(returnPath(params) ?? '/profile/people');
    },
  });
  return (
    <div className="form-page">
      <PageHeading title={known ? t`Details for ${known.name}` : t`Add someone you care for`} />
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <PersonFields form={form} />
        <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Saving…`}>
          <Trans>Save</Trans>
        </SubmitButton>
      </form>
      <p className="mt-4 mb-0">
        <Link to={returnPath(params) ?? '/profile/people'}>
          <Trans>Go back without saving</Trans>
        </Link>
      </p>
    </div>
  );
}
