import { Trans, useLingui } from '@lingui/react/macro';
import type { Feed } from '@/shared/api/types';
import { Problem } from '@/shared/ui/problem';
import { Said } from '@/shared/ui/said';
import { useEndFeed } from './feeds';

interface FeedListProps {
  feeds: Feed[];
  onEnded: (id: string) => void;
}

export function FeedList({ feeds, onEnded }: FeedListProps) {
  const { t } = useLingui();
  const end = useEndFeed();
  return (
    <>
      {end.isSuccess && <Said what={{ words: t`Nothing can be read there any more.` }} />}
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
                onClick={() => !end.isPending && end.mutate(feed.id, { onSuccess: () => onEnded(feed.id) })}
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
