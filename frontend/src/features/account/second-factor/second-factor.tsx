import type { User } from '@/shared/api/types';
import type { Demand } from './challenge';
import { CodeStep } from './enter-code';
import { SetUp } from './set-up-authenticator';

interface SecondStepProps {
  demand: Demand;
  onIn: (user: Pick<User, 'role'>) => void;
  onAgain: () => void;
}

/** What comes after a right password: the code, or, where the clinic wants one and there is none, setting it up. */
export function SecondStep({ demand, onIn, onAgain }: SecondStepProps) {
  if (demand.is_set_up) return <CodeStep challenge={demand.challenge} onIn={onIn} onAgain={onAgain} />;
  return <SetUp challenge={demand.challenge} onDone={onIn} />;
}
