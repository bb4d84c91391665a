import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ErrorMessage } from '@/shared/ui/error-message';
import { StatusMessage } from '@/shared/ui/status-message';
import { waitingListQuery } from './get-waiting-list';
import { OfferCard } from './offer-card';
import { WaitingList } from './waiting-list';

interface OffersAndEntriesProps {
  /** The patient has just joined the waiting list. */
  justJoined: boolean;
  children: ReactNode;
}

/** Shows waiting list offers above its children and waiting list entries below them. */
export function OffersAndEntries({ justJoined, children }: OffersAndEntriesProps) {
  const { data: entries = [], error, refetch } = useQuery(waitingListQuery());
  const [status, setStatus] = useState<{ text: string } | null>(null);
  const announce = (text: string) => setStatus({ text });
  return (
    <>
      {justJoined && !status && (
        <p role="status" className="notice notice-success">
          <Trans>You are on the waiting list. We will email you when an appointment becomes available.</Trans>
        </p>
      )}
      {status && <StatusMessage status={status} />}
      {entries.map(
        (entry) =>
          entry.offer && <OfferCard key={entry.id} entry={entry} offer={entry.offer} announce={announce} />,
      )}
      {children}
      {error && <ErrorMessage error={error} retry={refetch} />}
      {entries.length > 0 && <WaitingList entries={entries} announce={announce} />}
    </>
  );
}
