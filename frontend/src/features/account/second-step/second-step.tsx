import type { User } from '@/shared/api/types';
import { CodeStep } from './code-step';
import type { Demand } from './demand';
import { SetUp } from './set-up';

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
