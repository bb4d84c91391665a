import { useLingui } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import { useAnnounce } from '@/shared/staff/announcements';
import type { Board } from './board';

/** Announces patients who have been marked as arrived since the page was opened. */
export function useAnnounceArrivals(board: Board | undefined): void {
  const { t } = useLingui();
  const announce = useAnnounce();
  const seen = useRef<{ date: string; arrived: Set<string> }>(undefined);
  useEffect(() => {
    if (!board) return;
    const arrived = board.visits.filter(({ status }) => status === 'CHECKED_IN');
    const before = seen.current?.date === board.date ? seen.current.arrived : undefined;
    seen.current = { date: board.date, arrived: new Set(arrived.map(({ id }) => id)) };
    const names = arrived.filter(({ id }) => before && !before.has(id)).map(({ patient }) => patient.name);
    if (names.length > 0) {
      const list = names.join(', ');
      announce({ text: names.length === 1 ? t`${list} has arrived` : t`Arrived: ${list}` });
    }
  }, [board, announce, t]);
}
