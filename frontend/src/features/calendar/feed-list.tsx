import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { Feed } from '@/shared/api/types';
import { Problem } from '@/shared/ui/error-message';
import { Said } from '@/shared/ui/status-message';
import { useEndFeed } from './feeds';

interface FeedListProps {
  feeds: Feed[];
  onEnded: (id: string) => void;
}

export function FeedList({ feeds, onEnded }: FeedListProps) {
  const { t } = useLingui();
  const end = useEndFeed();
  const [said, setSaid] = useState<{ words: string }>();
  const endIt = (id: string) =>
    end.mutate(id, {
      onSuccess: () => {
        setSaid({ words: t`Nothing can be read there any more.` });
        onEnded(id);
      },
    });
  return (
    <>
      {said && <Said what={said} />}
      {end.isError && <Problem error={end.error} />}
      {feeds.length === 0 ? (
        <p className="notice">
          <Trans>There are none.</Trans>
        </p>
      ) : (
        <ul className="list-unstyled session-list">
          {feeds.map((feed) => (
            <li key={feed.id} className="session">
              <div>
                <strong className="d-block text-break">{feed.name}</strong>
                <span className="d-block small text-body-secondary">
                  {feed.last_read_at ? (
                    <Trans>A calendar has read it.</Trans>
                  ) : (
                    <Trans>No calendar has read it yet.</Trans>
                  )}
                </span>
              </div>
              <button
                type="button"
                className="btn btn-outline-danger"
                aria-label={t`End the address for ${feed.name}`}
                onClick={() => !end.isPending && endIt(feed.id)}
              >
                <Trans>End it</Trans>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
