import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { Feed } from '@/shared/api/types';
import { ErrorMessage } from '@/shared/ui/error-message';
import { StatusMessage } from '@/shared/ui/status-message';
import { useRevokeFeed } from './feeds';

interface FeedListProps {
  feeds: Feed[];
  onRevoked: (id: string) => void;
}

export function FeedList({ feeds, onRevoked }: FeedListProps) {
  const { t } = useLingui();
  const revoke = useRevokeFeed();
  const [status, setStatus] = useState<{ text: string }>();
  const revokeFeed = (id: string) =>
    revoke.mutate(id, {
      onSuccess: () => {
        setStatus({ text: t`The link has been revoked. Calendars can no longer use it.` });
        onRevoked(id);
      },
    });
  return (
    <>
      {status && <StatusMessage status={status} />}
      {revoke.isError && <ErrorMessage error={revoke.error} />}
      {feeds.length === 0 ? (
        <p className="notice">
          <Trans>You have no calendar links.</Trans>
        </p>
      ) : (
        <ul className="list-unstyled session-list">
          {feeds.map((feed) => (
            <li key={feed.id} className="session">
              <div>
                <strong className="d-block text-break">{feed.name}</strong>
                <span className="d-block small text-body-secondary">
                  {feed.last_read_at ? <Trans>Used by a calendar</Trans> : <Trans>Not used yet</Trans>}
                </span>
              </div>
              <button
                type="button"
                className="btn btn-outline-danger"
                aria-label={t`Revoke the link “${feed.name}”`}
                onClick={() => !revoke.isPending && revokeFeed(feed.id)}
              >
                <Trans>Revoke</Trans>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
