import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useRef } from 'react';
import * as z from 'zod/mini';
import type { SecondFactor } from '@/gen';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { PasswordField } from '@/shared/forms/password-field';
import { required, secret } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { CodeField } from './code-field';
import { useRenewRecoveryCodes } from './renew-recovery-codes';
import { useTurnOffSecondFactor } from './turn-off-second-factor';

interface ManageSecondFactorProps {
  state: SecondFactor;
  onCodes: (codes: string[]) => void;
}

/** Renews the recovery codes or turns two-step sign-in off. Both need the password and a code. */
export function ManageSecondFactor({ state, onCodes }: ManageSecondFactorProps) {
  const { t } = useLingui();
  const action = useRef<'codes' | 'off'>('codes');
  const renew = useRenewRecoveryCodes();
  const turnOff = useTurnOffSecondFactor();
  const { form, submit } = useApiForm({
    schema: () =>
      z.object({
        password: secret(t`Enter your password`),
        code: required(t`Enter the code from your authenticator app`),
      }),
    defaults: { password: '', code: '' },
    save: async (credentials) => {
      if (action.current === 'off') await turnOff.mutateAsync(credentials);
      else onCodes((await renew.mutateAsync(credentials)).recovery_codes);
    },
  });
  const setAction = (next: 'codes' | 'off') => {
    action.current = next;
  };
  const left = state.recovery_codes_left;
  return (
    <>
      <p>
        <Trans>
          Two-step sign-in is on. To sign in, you need your password and a code from your authenticator app.
        </Trans>{' '}
        <Plural value={left} one="You have # recovery code left." other="You have # recovery codes left." />
      </p>
      {state.is_demanded ? (
        <>
          <p>
            <Trans>Your clinic requires two-step sign-in. You cannot turn it off.</Trans>
          </p>
          <p>
            <Trans>To get new recovery codes, enter your password and a code.</Trans>
          </p>
        </>
      ) : (
        <p>
          <Trans>
            To get new recovery codes, or to turn off two-step sign-in, enter your password and a code.
          </Trans>
        </p>
      )}
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <PasswordField form={form} name="password" autoComplete="current-password" label={t`Password`} />
        <CodeField form={form} name="code" hint={t`From your authenticator app, or a recovery code.`} />
        <div className="d-flex flex-wrap gap-2">
          <SubmitButton
            busy={form.formState.isSubmitting}
            busyLabel={t`Checking…`}
            onClick={() => setAction('codes')}
          >
            <Trans>Get new recovery codes</Trans>
          </SubmitButton>
          {!state.is_demanded && (
            <button type="submit" className="btn btn-outline-primary btn-lg" onClick={() => setAction('off')}>
              <Trans>Turn off two-step sign-in</Trans>
            </button>
          )}
        </div>
      </form>
    </>
  );
}
