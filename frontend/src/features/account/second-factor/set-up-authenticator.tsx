import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import * as z from 'zod/mini';
import type { User } from '@/shared/api/types';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { required } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { CodeField } from './code-field';
import { useConfirmSetUp } from './confirm-authenticator';
import { useSetUp } from './get-authenticator-key';
import { RecoveryCodes } from './recovery-codes';

interface SetUpProps {
  /** Where somebody cannot get in without; who is signed in needs none. */
  challenge?: string;
  onDone: (user: Pick<User, 'role'>) => void;
}

/** A new app: its key, its first code, and the recovery codes that go with it. */
export function SetUp({ challenge, onDone }: SetUpProps) {
  const { t } = useLingui();
  const [made, setMade] = useState<{ user: Pick<User, 'role'>; recovery_codes: string[] } | null>(null);
  const begun = useSetUp(challenge);
  const confirm = useConfirmSetUp();
  const { form, submit } = useApiForm({
    schema: () => z.object({ code: required(t`Enter the six digits that the app shows`) }),
    defaults: { code: '' },
    save: async ({ code }) => setMade(await confirm.mutateAsync({ challenge, code })),
  });
  if (made) return <RecoveryCodes codes={made.recovery_codes} onKept={() => onDone(made.user)} />;
  return (
    <>
      <PageHeading title={t`Set up two-step sign-in`} />
      {challenge && (
        <p className="notice">
          <Trans>This clinic wants it of you: nothing else opens before it is set up.</Trans>
        </p>
      )}
      <QueryView query={begun} loading={t`Making a key…`}>
        {(key) => <NewKey picture={key.picture} text={key.key} />}
      </QueryView>
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <CodeField form={form} name="code" hint={t`The six digits that the app shows for this clinic.`} />
        <SubmitButton busy={form.formState.isSubmitting} working={t`Checking…`}>
          <Trans>Switch on</Trans>
        </SubmitButton>
      </form>
    </>
  );
}

function NewKey({ picture, text }: { picture: string; text: string }) {
  const { t } = useLingui();
  return (
    <ol className="set-up-steps">
      <li>
        <Trans>Install an authenticator app on your phone, if you have none.</Trans>
      </li>
      <li>
        <Trans>Scan this picture with it, or type the key below it.</Trans>
        <img
          className="qr-code"
          src={`data:image/svg+xml,${encodeURIComponent(picture)}`}
          alt={t`QR code with the key below`}
        />
        <code className="secret-key">{text}</code>
      </li>
      <li>
        <Trans>Enter the code that the app then shows.</Trans>
      </li>
    </ol>
  );
}
