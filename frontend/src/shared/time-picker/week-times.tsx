import type { Slot } from '@/shared/api/types';
import { DayTimes } from './day-times';
import { EmptyDays } from './empty-days';
import { foldWeek, type Stretch } from './week';

interface WeekTimesProps {
  from: string;
  slots: Slot[];
  chosen: string | null;
  choose: (slot: Slot) => void;
}

export function WeekTimes({ from, slots, chosen, choose }: WeekTimesProps) {
  const week = foldWeek(from, slots);
  return (
    <div className="week">
      {week.map((stretch, index) =>
        stretch.kind === 'times' ? (
          <DayTimes key={stretch.date} {...stretch} chosen={chosen} choose={choose} />
        ) : (
          <EmptyDays key={stretch.dates[0]} dates={stretch.dates} until={dateOf(week[index + 1])} />
        ),
      )}
    </div>
  );
}

function dateOf(stretch: Stretch | undefined): string | undefined {
  return stretch?.kind === 'times' ? stretch.date : undefined;
}
