import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { WaitlistEntry } from '@/shared/api/types';
import { errorText } from '@/shared/ui/error-text';
import { EntrySummary, entryTitle } from './entry-summary';
import { useLeaveWaitingList } from './leave-waiting-list';

interface WaitingListProps {
  entries: WaitlistEntry[];
  /** Shows a status message after an entry is removed. */
  announce: (text: string) => void;
}

export function WaitingList({ entries, announce }: WaitingListProps) {
  return (
    <section aria-labelledby="waiting">
      <h2 id="waiting" className="h5 mt-5">
        <Trans>Waiting list</Trans>
      </h2>
      <p className="text-body-secondary">{entries[0]?.rule}</p>
      <ul className="list-unstyled booking-list">
        {entries.map((entry) => (
          <li key={entry.id} className="booking-row flex-wrap">
            <div>
              <EntrySummary entry={entry} />
              <span className="d-block">
                <Trans>
                  You are number {entry.position} of {entry.waiting}.
                </Trans>
              </span>
            </div>
            <Leave entry={entry} announce={announce} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Asks for confirmation, because the patient loses their place. */
function Leave({ entry, announce }: { entry: WaitlistEntry; announce: WaitingListProps['announce'] }) {
  const { t } = useLingui();
  const leave = useLeaveWaitingList(entry.id, () => announce(t`You have left the waiting list.`));
  const [confirming, setConfirming] = useState<boolean | null>(null);
  if (!confirming) {
    return (
      <button
        type="button"
        className="btn btn-link link-danger"
        // biome-ignore lint/a11y/noAutofocus: returns the focus after the patient decides to stay
        autoFocus={confirming === false}
        onClick={() => setConfirming(true)}
      >
        <Trans>
          Leave the waiting list<span className="visually-hidden">: {entryTitle(entry)}</span>
        </Trans>
      </button>
    );
  }
  return (
    <div role="alert">
      <p className="mb-2">
        <Trans>You will lose your place on the list.</Trans>
      </p>
      <div className="d-flex flex-wrap gap-2">
        <button
          type="button"
          className="btn btn-danger"
          aria-busy={leave.isPending || undefined}
          // biome-ignore lint/a11y/noAutofocus: it replaces the focused button
          autoFocus
          onClick={() => leave.mutate()}
        >
          <Trans>Yes, leave the list</Trans>
        </button>
        <button type="button" className="btn btn-outline-primary" onClick={() => setConfirming(false)}>
          <Trans>Stay on the list</Trans>
        </button>
      </div>
      {leave.error && <p className="field-error mt-2 mb-0">{errorText(leave.error)}</p>}
    </div>
  );
}
