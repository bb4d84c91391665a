import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { startTime } from '@/shared/times/format';
import { ErrorMessage } from '@/shared/ui/error-message';
import { StatusMessage } from '@/shared/ui/status-message';
import { removedSlotsQuery, useRestoreSlot } from './removed-slots';

/** The times that were removed on this day, each with a button to offer it again. */
export function RemovedTimes({ date }: { date: string }) {
  const { t } = useLingui();
  const removed = useQuery(removedSlotsQuery(date));
  const restore = useRestoreSlot();
  const [status, setStatus] = useState<{ text: string }>();
  const restoreSlot = (id: string) =>
    restore.mutate(id, {
      onSuccess: (offered) =>
        setStatus({
          text: offered.length
            ? t`This time is offered again.`
            : t`This time is no longer removed. Your hours do not include it.`,
        }),
    });
  return (
    <>
      {status && <StatusMessage status={status} />}
      {restore.isError && <ErrorMessage error={restore.error} />}
      {removed.data?.length ? (
        <section aria-labelledby="removed-times">
          <h2 id="removed-times" className="h5 mt-4">
            <Trans>Removed times</Trans>
          </h2>
          <ul className="list-unstyled booking-list">
            {removed.data.map((slot) => (
              <li key={slot.id} className="booking-row align-items-center">
                <p className="schedule-time mb-0">{startTime(slot)}</p>
                <button
                  type="button"
                  className="btn btn-outline-primary"
                  aria-label={t`Offer ${startTime(slot)} again`}
                  onClick={() => !restore.isPending && restoreSlot(slot.id)}
                >
                  <Trans>Offer again</Trans>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </>
  );
}
