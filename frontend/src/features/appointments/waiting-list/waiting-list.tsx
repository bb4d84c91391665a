import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { WaitlistEntry } from '@/shared/api/types';
import { explain } from '@/shared/ui/error-text';
import { Wish, wishName } from './entry-summary';
import { useLeaveWaiting } from './leave-waiting-list';

interface WaitingListProps {
  entries: WaitlistEntry[];
  /** Says what was done, where a wish has been. */
  say: (words: string) => void;
}

export function WaitingList({ entries, say }: WaitingListProps) {
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
              <Wish entry={entry} />
              <span className="d-block">
                <Trans>
                  You are number {entry.position} of {entry.waiting}.
                </Trans>
              </span>
            </div>
            <Leave entry={entry} say={say} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Leaving gives up one's place, so it is asked again. */
function Leave({ entry, say }: { entry: WaitlistEntry; say: WaitingListProps['say'] }) {
  const { t } = useLingui();
  const leave = useLeaveWaiting(entry.id, () => say(t`You are off the waiting list.`));
  const [asking, setAsking] = useState<boolean | null>(null);
  if (!asking) {
    return (
      <button
        type="button"
        className="btn btn-link"
        // biome-ignore lint/a11y/noAutofocus: once somebody stays, it stands where they have said so
        autoFocus={asking === false}
        onClick={() => setAsking(true)}
      >
        <Trans>
          Leave the list<span className="visually-hidden">: {wishName(entry)}</span>
        </Trans>
      </button>
    );
  }
  return (
    <div role="alert">
      <p className="mb-2">
        <Trans>You lose your place on the list.</Trans>
      </p>
      <div className="d-flex flex-wrap gap-2">
        <button
          type="button"
          className="btn btn-outline-danger"
          aria-busy={leave.isPending || undefined}
          // biome-ignore lint/a11y/noAutofocus: it stands where the button was that had the focus
          autoFocus
          onClick={() => leave.mutate()}
        >
          <Trans>Leave</Trans>
        </button>
        <button type="button" className="btn btn-outline-primary" onClick={() => setAsking(false)}>
          <Trans>Stay on it</Trans>
        </button>
      </div>
      {leave.error && <p className="field-error mt-2 mb-0">{explain(leave.error)}</p>}
    </div>
  );
}
