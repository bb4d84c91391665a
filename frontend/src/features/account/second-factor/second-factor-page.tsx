import { Trans, useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { secondStepQuery, useSecondStep } from './get-second-factor';
import { ChangeSecondStep } from './manage-second-factor';
import { RecoveryCodes } from './recovery-codes';
import { SetUp } from './set-up-authenticator';

/** One's own second step: on or off, and what can be done about it. */
export function SecondStepPage() {
  const { t } = useLingui();
  const queries = useQueryClient();
  const query = useSecondStep();
  const [settingUp, setSettingUp] = useState(false);
  const [codes, setCodes] = useState<string[]>([]);
  const goOn = () => {
    setSettingUp(false);
    setCodes([]);
    return queries.invalidateQueries(secondStepQuery());
  };
  if (settingUp) return <div className="form-page">{<SetUp onDone={goOn} />}</div>;
  if (codes.length > 0)
    return <div className="form-page">{<RecoveryCodes codes={codes} onKept={goOn} />}</div>;
  return (
    <div className="form-page">
      <QueryView page query={query} loading={t`Looking up how you sign in…`}>
        {(state) => (
          <>
            <PageHeading title={t`Two-step sign-in`} />
            {state.is_on ? (
              <ChangeSecondStep state={state} onCodes={setCodes} />
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
