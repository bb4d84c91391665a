import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Merge, MergePreview, TakeEnum } from '@/gen/types.gen';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useAnnounce } from '@/shared/staff/announcements';
import { plainDate } from '@/shared/times/format';
import { ErrorMessage } from '@/shared/ui/error-message';
import { FieldTable } from './field-table';
import { useMergePatients } from './merge-patients';
import { UndoMerge } from './undo-notice';

/** Both records side by side, what would move, and the merge. */
export function CompareRecords({ preview }: { preview: MergePreview }) {
  const [shown] = useState(preview);
  const [merged, setMerged] = useState<Merge>();
  if (merged) return <Merged merge={merged} />;
  const { survivor, merged: other } = shown;
  return (
    <>
      <p className="lead">
        <Trans>
          The merge moves all data to the record that you keep. Merge only if you are sure that both records
          belong to the same person.
        </Trans>
      </p>
      <p>
        <Link to={`/portal/patients/${other.id}/merge?other=${survivor.id}`}>
          <Trans>Keep the other record instead</Trans>
        </Link>
      </p>
      <MergeForm preview={shown} onMerged={setMerged} />
    </>
  );
}

function Merged({ merge }: { merge: Merge }) {
  return (
    <>
      <p className="notice notice-success" role="status">
        <Trans>The records are merged.</Trans>{' '}
        <Link to={`/portal/patients/${merge.patient}`}>
          <Trans>Open the record</Trans>
        </Link>
      </p>
      <UndoMerge patient={merge.patient} name={merge.merged_name} />
    </>
  );
}

interface MergeFormProps {
  preview: MergePreview;
  onMerged: (merge: Merge) => void;
}

function MergeForm({ preview, onMerged }: MergeFormProps) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const [take, setTake] = useState<TakeEnum[]>([]);
  const [closes, setCloses] = useState(false);
  const merge = useMergePatients(preview.survivor.id);
  const choose = (field: TakeEnum, fromOther: boolean) =>
    setTake((before) => [...before.filter((name) => name !== field), ...(fromOther ? [field] : [])]);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    merge.mutate(
      { other: preview.merged.id, take, closes_account: closes },
      {
        onSuccess: (done) => {
          announce({ text: t`The records are merged.` });
          onMerged(done);
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <FieldTable preview={preview} take={take} choose={choose} />
      <Consequences preview={preview} />
      {preview.closes_account && preview.survivor.email && (
        <label className="merge-choice my-3">
          <input type="checkbox" checked={closes} onChange={(event) => setCloses(event.target.checked)} />
          <span>
            <Trans>
              Close the account {preview.closes_account}. The patient will sign in with{' '}
              {preview.survivor.email}.
            </Trans>
          </span>
        </label>
      )}
      {merge.isError && <ErrorMessage error={merge.error} />}
      {preview.overlapping.length > 0 ? (
        <Overlaps preview={preview} />
      ) : (
        <SubmitButton busy={merge.isPending} busyLabel={t`Merging the records…`}>
          <Trans>Merge the records</Trans>
        </SubmitButton>
      )}
    </form>
  );
}

function Consequences({ preview }: { preview: MergePreview }) {
  const names = (people: { name: string }[]) => people.map((person) => person.name).join(', ');
  return (
    <section aria-labelledby="merge-moves">
      <h2 id="merge-moves">
        <Trans>Data that will move</Trans>
      </h2>
      <ul>
        <li>
          <Plural value={preview.upcoming} one="# upcoming appointment" other="# upcoming appointments" />
        </li>
        <li>
          <Plural value={preview.past} one="# other appointment" other="# other appointments" />
        </li>
        <li>
          <Plural value={preview.waiting} one="# waiting list entry" other="# waiting list entries" />
        </li>
        {preview.dependants.length > 0 && (
          <li>
            <Trans>People this patient books for: {names(preview.dependants)}</Trans>
          </li>
        )}
      </ul>
      {preview.new_carers.length > 0 && (
        <p className="notice notice-warning">
          <Trans>
            These people will see the whole record and can book for this patient: {names(preview.new_carers)}
          </Trans>
        </p>
      )}
      {preview.lost_carers.length > 0 && (
        <p className="notice">
          <Trans>
            These people will no longer be able to book for this patient, because the patient has an account:{' '}
            {names(preview.lost_carers)}
          </Trans>
        </p>
      )}
    </section>
  );
}

function Overlaps({ preview }: { preview: MergePreview }) {
  return (
    <div className="notice notice-danger" role="alert">
      <p>
        <Trans>
          Both records have an appointment at the same time. Cancel or move one of each pair, then merge.
        </Trans>
      </p>
      <ul className="mb-0">
        {preview.overlapping.flatMap((pair) =>
          [pair.survivor, pair.merged].map((booking) => (
            <li key={booking.id}>
              <Link to={`/portal/bookings/${booking.id}`}>
                {plainDate(booking.local_date)}, {booking.local_time}–{booking.local_end_time} (
                {booking.tz_label}), {booking.doctor}
              </Link>
            </li>
          )),
        )}
      </ul>
    </div>
  );
}
