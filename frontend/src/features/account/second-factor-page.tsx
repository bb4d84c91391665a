import { Trans, useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { BackToDetails } from './back-to-details';
import { PasswordNeeded } from './password-needed';
import { secondFactorQuery, useSecondFactor } from './second-factor/get-second-factor';
import { ManageSecondFactor } from './second-factor/manage-second-factor';
import { RecoveryCodes } from './second-factor/recovery-codes';
import { SetUpAuthenticator } from './second-factor/set-up-authenticator';

/** The user's settings for two-step sign-in. */
export function SecondFactorPage() {
  const { t } = useLingui();
  const queries = useQueryClient();
  const query = useSecondFactor();
  const [settingUp, setSettingUp] = useState(false);
  const [codes, setCodes] = useState<string[]>([]);
  const finish = () => {
    setSettingUp(false);
    setCodes([]);
    return queries.invalidateQueries(secondFactorQuery());
  };
  if (settingUp) return <div className="form-page">{<SetUpAuthenticator onDone={finish} />}</div>;
  if (codes.length > 0)
    return <div className="form-page">{<RecoveryCodes codes={codes} onContinue={finish} />}</div>;
  return (
    <div className="form-page">
      <QueryView page query={query} loading={t`Loading your sign-in settings…`}>
        {(state) => (
          <>
            <PageHeading title={t`Two-step sign-in`} />
            {state.is_on && <PasswordNeeded />}
            {state.is_on ? (
              <ManageSecondFactor state={state} onCodes={setCodes} />
            ) : (
              <Off onSetUp={() => setSettingUp(true)} />
            )}
            <p className="mt-4 mb-0">
              <BackToDetails />
            </p>
          </>
        )}
      </QueryView>
    </div>
  );
}

function Off({ onSetUp }: { onSetUp: () => void }) {
  return (
    <>
      <p>
        <Trans>
          Two-step sign-in is off. You only need your password to sign in. If you turn it on, you also need a
          code from an app on your phone.
        </Trans>
      </p>
      <button type="button" className="btn btn-primary btn-lg" onClick={onSetUp}>
        <Trans>Set up two-step sign-in</Trans>
      </button>
    </>
  );
}
