import { Trans, useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { secondFactorQuery, useSecondFactor } from './get-second-factor';
import { ManageSecondFactor } from './manage-second-factor';
import { RecoveryCodes } from './recovery-codes';
import { SetUpAuthenticator } from './set-up-authenticator';

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
      <QueryView page query={query} loading={t`Looking up how you sign in…`}>
        {(state) => (
          <>
            <PageHeading title={t`Two-step sign-in`} />
            {state.is_on ? (
              <ManageSecondFactor state={state} onCodes={setCodes} />
            ) : (
              <Off onSetUp={() => setSettingUp(true)} />
            )}
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
          It is off: your password alone lets you in. With it on, signing in also asks for a code that an app
          on your phone shows.
        </Trans>
      </p>
      <button type="button" className="btn btn-primary btn-lg" onClick={onSetUp}>
        <Trans>Set it up</Trans>
      </button>
    </>
  );
}
