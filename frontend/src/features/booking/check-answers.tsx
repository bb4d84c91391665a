import { Trans, useLingui } from '@lingui/react/macro';
import type { FormEvent } from 'react';
import type { Doctor, Slot, User } from '@/shared/api/types';
import { PageHeading } from '@/shared/ui/page-heading';
import { SummaryList, SummaryRow } from '@/shared/ui/summary-list';
import { ConfirmButton } from './confirm-button';
import { Refused } from './refused';
import { SlotRows } from './slot-rows';
import type { Progress } from './use-confirm';
import { stepPath } from './use-slot';

interface CheckAnswersProps {
  slot: Slot;
  doctor: Doctor;
  user: User;
  reason: string;
  /** The name of whom one cares for; null for oneself. */
  patient: string | null;
  /** Whether it could be for somebody else. */
  choice: boolean;
  progress: Progress;
  error: Error | null;
  confirm: () => void;
}

export function CheckAnswers(props: CheckAnswersProps) {
  const { slot, doctor, user, reason, patient, choice, progress, error, confirm } = props;
  const { t } = useLingui();
  const profile = `/profile?next=${encodeURIComponent(stepPath('check', slot))}`;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm();
  };
  return (
    <div className="narrow">
      <PageHeading title={t`Check and confirm`} />
      {error && progress === 'idle' && <Refused error={error} doctorId={doctor.id} />}
      <SummaryList>
        <SlotRows slot={slot} doctor={doctor} />
        {choice && (
          <SummaryRow label={t`For`} change={stepPath('details', slot)}>
            {patient ?? <Trans>Me</Trans>}
          </SummaryRow>
        )}
        <SummaryRow label={t`Reason`} change={stepPath('details', slot)}>
          {reason || <Trans>Not given</Trans>}
        </SummaryRow>
        <SummaryRow label={t`Your name`} change={profile}>
          {user.first_name} {user.last_name}
        </SummaryRow>
        <SummaryRow label={t`How we reach you`} change={profile}>
          <span className="d-block text-break">{user.email}</span>
          {user.phone || <Trans>No phone number given</Trans>}
        </SummaryRow>
      </SummaryList>
      <form onSubmit={submit}>
        <ConfirmButton progress={progress} />
      </form>
    </div>
  );
}
