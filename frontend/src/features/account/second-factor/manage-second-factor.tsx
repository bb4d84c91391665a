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
import { useSwitchOff } from './turn-off-second-factor';

interface ChangeSecondStepProps {
  state: SecondFactor;
  onCodes: (codes: string[]) => void;
}

/** New recovery codes, or none of it any more: with password and code, for a phone may lie about unlocked. */
export function ChangeSecondStep({ state, onCodes }: ChangeSecondStepProps) {
  const { t } = useLingui();
  const wanted = useRef<'codes' | 'off'>('codes');
  const renew = useRenewRecoveryCodes();
  const switchOff = useSwitchOff();
  const { form, submit } = useApiForm({
    schema: () =>
      z.object({
        password: secret(t`Enter your password`),
        code: required(t`Enter the code of your authenticator app`),
      }),
    defaults: { password: '', code: '' },
    save: async (proof) => {
      if (wanted.current === 'off') await switchOff.mutateAsync(proof);
      else onCodes((await renew.mutateAsync(proof)).recovery_codes);
    },
  });
  const want = (what: 'codes' | 'off') => {
    wanted.current = what;
  };
  const left = state.recovery_codes_left;
  return (
    <>
      <p>
        <Trans>It is on: signing in asks for your password and for a code of your authenticator app.</Trans>{' '}
        <Plural value={left} one="You have # recovery code left." other="You have # recovery codes left." />
      </p>
      {state.is_demanded && (
        <p>
          <Trans>The clinic wants it of you, so it cannot be switched off.</Trans>
        </p>
      )}
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <PasswordField form={form} name="password" autoComplete="current-password" label={t`Password`} />
        <CodeField form={form} name="code" />
        <div className="d-flex flex-wrap gap-2">
          <SubmitButton
            busy={form.formState.isSubmitting}
            working={t`Checking…`}
            onClick={() => want('codes')}
          >
            <Trans>Make new recovery codes</Trans>
          </SubmitButton>
          {!state.is_demanded && (
            <button type="submit" className="btn btn-outline-primary btn-lg" onClick={() => want('off')}>
              <Trans>Switch it off</Trans>
            </button>
          )}
        </div>
      </form>
    </>
  );
}
