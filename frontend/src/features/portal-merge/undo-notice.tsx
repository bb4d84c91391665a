import { Trans, useLingui } from '@lingui/react/macro';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useAnnounce } from '@/shared/staff/announcements';
import { ErrorMessage } from '@/shared/ui/error-message';
import { useUndoMerge } from './undo-merge';

interface UndoMergeProps {
  patient: string;
  /** The name in the record that was merged into this one. */
  name: string;
}

/** Says that a record was merged into this one, and undoes it. */
export function UndoMerge({ patient, name }: UndoMergeProps) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const undo = useUndoMerge(patient);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    undo.mutate(undefined, { onSuccess: () => announce({ text: t`The merge is undone.` }) });
  };
  return (
    <form className="notice" onSubmit={submit}>
      <p>
        <Trans>
          The record of {name} was merged into this one. You can undo it within a day. Appointments that were
          booked since then stay in this record.
        </Trans>
      </p>
      {undo.isError && <ErrorMessage error={undo.error} />}
      <SubmitButton busy={undo.isPending} busyLabel={t`Undoing the merge…`}>
        <Trans>Undo the merge</Trans>
      </SubmitButton>
    </form>
  );
}
