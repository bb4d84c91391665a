import { t } from '@lingui/core/macro';

/** "Yes", "No" or the answer itself. */
export function answerLabel(answer: string): string {
  if (answer === 'yes') return t`Yes`;
  return answer === 'no' ? t`No` : answer;
}
