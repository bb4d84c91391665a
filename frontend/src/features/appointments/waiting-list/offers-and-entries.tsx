import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Problem } from '@/shared/ui/error-message';
import { Said } from '@/shared/ui/status-message';
import { waitingQuery } from './get-waiting-list';
import { OfferCard } from './offer-card';
import { WaitingList } from './waiting-list';

/** What is offered goes before everything else, what is still waited for after it. */
export function Waiting({ children }: { children: ReactNode }) {
  const { data: entries = [], error, refetch } = useQuery(waitingQuery());
  const [said, setSaid] = useState<{ words: string } | null>(null);
  const say = (words: string) => setSaid({ words });
  return (
    <>
      {said && <Said what={said} />}
      {entries.map(
        (entry) => entry.offer && <OfferCard key={entry.id} entry={entry} offer={entry.offer} say={say} />,
      )}
      {children}
      {error && <Problem error={error} retry={refetch} />}
      {entries.length > 0 && <WaitingList entries={entries} say={say} />}
    </>
  );
}
