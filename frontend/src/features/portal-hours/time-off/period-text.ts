import { t } from '@lingui/core/macro';
import type { TimeOff } from '@/gen';
import { shortDate } from '@/shared/times/format';
import { weekdays } from '@/shared/times/weekdays';
import { hoursText } from '../schedule/clock-text';

const isWholeDay = ({ opens, closes }: TimeOff) => opens === '00:00' && closes === '24:00';

/** Whether it takes part of one day: a block. */
export const isBlock = (timeOff: TimeOff) => timeOff.from === timeOff.to && !isWholeDay(timeOff);

/** "Tue 24 Nov, 12:00 pm – 1:00 pm", "Tue 24 Nov to Fri 27 Nov", "Mondays from Tue 24 Nov" */
export function periodText(timeOff: TimeOff): string {
  const { from, to, opens, closes } = timeOff;
  const first = shortDate(from);
  const last = to && shortDate(to);
  const days = from === to ? first : last ? t`${first} to ${last}` : t`from ${first}, with no end date`;
  const hours = isWholeDay(timeOff) ? '' : hoursText(opens, closes);
  return [days, weekdayText(timeOff), hours].filter(Boolean).join(', ');
}

function weekdayText({ weekdays: chosen, from, to }: TimeOff): string {
  if (chosen.length === 7 || from === to) return '';
  const names = weekdays().filter(({ number }) => chosen.some((each) => Number(each) === number));
  return names.map(({ name }) => name).join(', ');
}
