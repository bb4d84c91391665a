import { Plural } from '@lingui/react/macro';
import { useClinic } from '@/shared/clinic/clinic-context';
import { todayIn } from '@/shared/times/dates';
import { plainDate } from '@/shared/times/format';
import { ageOn } from './age';

/** "1 February 1980 (46 years)" */
export function DateOfBirth({ date }: { date: string }) {
  const { time_zone } = useClinic();
  const age = ageOn(date, todayIn(time_zone));
  return (
    <>
      {plainDate(date)} (<Plural value={age} one="# year old" other="# years old" />)
    </>
  );
}
