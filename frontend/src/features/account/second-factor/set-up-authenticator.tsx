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
import { useConfirmAuthenticator } from './confirm-authenticator';
import { useAuthenticatorKey } from './get-authenticator-key';
import { RecoveryCodes } from './recovery-codes';

interface SetUpAuthenticatorProps {
  /** Set during sign-in only. A signed-in user needs none. */
  challenge?: string;
  onDone: (user: Pick<User, 'role'>) => void;
}

/** Sets up an authenticator app: the key, the first code, then the recovery codes. */
export function SetUpAuthenticator({ challenge, onDone }: SetUpAuthenticatorProps) {
  const { t } = useLingui();
  const [confirmed, setConfirmed] = useState<{ user: Pick<User, 'role'>; recovery_codes: string[] } | null>(
    null,
  );
  const keyQuery = useAuthenticatorKey(challenge);
  const confirm = useConfirmAuthenticator();
  const { form, submit } = useApiForm({
    schema: () => z.object({ code: required(t`Enter the 6-digit code from the app`) }),
    defaults: { code: '' },
    save: async ({ code }) => setConfirmed(await confirm.mutateAsync({ challenge, code })),
  });
  if (confirmed)
    return <RecoveryCodes codes={confirmed.recovery_codes} onContinue={() => onDone(confirmed.user)} />;
  return (
    <>
      <PageHeading title={t`Set up two-step sign-in`} />
      {challenge && (
        <p className="notice">
          <Trans>Your clinic requires two-step sign-in. Set it up to continue.</Trans>
        </p>
      )}
      <QueryView query={keyQuery} loading={t`Creating a key…`}>
        {(key) => <AuthenticatorKey picture={key.picture} text={key.key} />}
      </QueryView>
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <CodeField form={form} name="code" hint={t`The 6-digit code that the app shows for this clinic.`} />
        <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Checking…`}>
          <Trans>Turn on two-step sign-in</Trans>
        </SubmitButton>
      </form>
    </>
  );
}

function AuthenticatorKey({ picture, text }: { picture: string; text: string }) {
  const { t } = useLingui();
  return (
    <ol className="set-up-steps">
      <li>
        <Trans>Install an authenticator app on your phone if you do not have one.</Trans>
      </li>
      <li>
        <Trans>Scan this QR code with the app, or type in the key below it.</Trans>
        <img
          className="qr-code"
          src={`data:image/svg+xml,${encodeURIComponent(picture)}`}
          alt={t`QR code with the key below`}
        />
        <code className="secret-key">{text}</code>
      </li>
      <li>
        <Trans>Enter the code that the app shows.</Trans>
      </li>
    </ol>
  );
}
