import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ErrorMessage } from '@/shared/ui/error-message';
import { StatusMessage } from '@/shared/ui/status-message';
import { waitingListQuery } from './get-waiting-list';
import { OfferCard } from './offer-card';
import { WaitingList } from './waiting-list';

/** Shows waiting list offers above its children and waiting list entries below them. */
export function OffersAndEntries({ children }: { children: ReactNode }) {
  const { data: entries = [], error, refetch } = useQuery(waitingListQuery());
  const [status, setStatus] = useState<{ text: string } | null>(null);
  const announce = (text: string) => setStatus({ text });
  return (
    <>
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
