import { t } from '@lingui/core/macro';

/** An answer as a person says it. */
export function answerWords(answer: string): string {
  if (answer === 'yes') return t`Yes`;
  return answer === 'no' ? t`No` : answer;
}
