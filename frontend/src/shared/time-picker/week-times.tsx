import type { Slot } from '@/shared/api/types';
import { DayTimes } from './day-times';
import { EmptyDays } from './empty-days';
import { type DayGroup, groupDays } from './week';

interface WeekTimesProps {
  from: string;
  slots: Slot[];
  chosen: string | null;
  choose: (slot: Slot) => void;
}

export function WeekTimes({ from, slots, chosen, choose }: WeekTimesProps) {
  const week = groupDays(from, slots);
  const first = week.find(({ kind }) => kind === 'times');
  return (
    <div className="week">
      {week.map((group, index) =>
        group.kind === 'times' ? (
          <DayTimes
            key={group.date}
            id={group.date}
            {...group}
            chosen={chosen}
            choose={choose}
            isFirst={group === first}
          />
        ) : (
          <EmptyDays key={group.dates[0]} dates={group.dates} until={dateOf(week[index + 1])} />
        ),
      )}
    </div>
  );
}

function dateOf(group: DayGroup | undefined): string | undefined {
  return group?.kind === 'times' ? group.date : undefined;
}
