import type { User } from '@/shared/api/types';
import { EnterCode } from './enter-code';
import type { RequiredSecondFactor } from './required-second-factor';
import { SetUpAuthenticator } from './set-up-authenticator';

interface SecondFactorStepProps {
  required: RequiredSecondFactor;
  onSignedIn: (user: Pick<User, 'role'>) => void;
  onRestart: () => void;
}

/** The step after the password: enter a code, or set up an authenticator app if the clinic requires one. */
export function SecondFactorStep({ required, onSignedIn, onRestart }: SecondFactorStepProps) {
  if (required.is_set_up)
    return <EnterCode challenge={required.challenge} onSignedIn={onSignedIn} onRestart={onRestart} />;
  return <SetUpAuthenticator challenge={required.challenge} onDone={onSignedIn} />;
}
