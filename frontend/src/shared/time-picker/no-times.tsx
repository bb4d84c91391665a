import { Plural, Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { WaitingListLink } from '@/shared/alternatives/waiting-list-link';
import { firstOpenSlotQuery } from '@/shared/api/list-open-slots';
import type { Booking } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { addDays, todayIn } from '@/shared/times/dates';
import { shortDate } from '@/shared/times/format';
import { type DoctorChoice, openSlotsParams, waitingListTarget } from './doctor-choice';
import { NoMatch } from './no-match';
import type { TimesQuery } from './open-days';
import { weekPath } from './week';

interface NoTimesProps {
  doctorChoice: DoctorChoice;
  times: TimesQuery;
  isFiltered: boolean;
  from: string;
  visitType: string | undefined;
  moving?: Booking | undefined;
}

/** Shown for a week without times. Links to the next day with times. */
export function NoTimes({ doctorChoice, times, isFiltered, from, visitType, moving }: NoTimesProps) {
  const [params] = useSearchParams();
  const clinic = useClinic();
  const days = clinic.booking_rules.horizon_days;
  const doctor = 'doctor' in doctorChoice ? doctorChoice.doctor : null;
  // The doctor's next time may be too short for the visit type, or not match. A move has times of its own.
  const needsLookup = !doctor || Boolean(visitType) || Boolean(moving) || isFiltered;
  const today = todayIn(clinic.time_zone);
  const firstOpenSlot = (search: TimesQuery, first: string) =>
    firstOpenSlotQuery({
      ...search,
      from: first,
      until: addDays(today, days),
      except: moving?.slot ?? undefined,
    });
  const later = useQuery({ ...firstOpenSlot(times, from), enabled: needsLookup });
  // Without a time from this week on, there may still be one before it.
  const earlier = useQuery({ ...firstOpenSlot(times, today), enabled: later.data === null && from > today });
  const unfiltered = useQuery({
    ...firstOpenSlot(
      { ...openSlotsParams(doctorChoice), visit_type: visitType, moving: moving?.id } as TimesQuery,
      today,
    ),
    enabled: isFiltered && later.data === null && (from <= today || earlier.data === null),
  });
  if (later.isLoading || earlier.isLoading || unfiltered.isLoading) return null;
  const found = later.data ?? earlier.data;
  const next = needsLookup ? found?.local_date : doctor?.next_available_local?.local_date;
  const waitingListLink = (
    <WaitingListLink target={{ ...waitingListTarget(doctorChoice), visitType, from }} />
  );
  if (isFiltered) {
    return (
      <div className="notice">
        <NoMatch next={next} from={from} unfiltered={unfiltered.data?.local_date} />
        {waitingListLink}
        {!next && <CallTheClinic />}
      </div>
    );
  }
  if (next && next >= from) {
    return (
      <div className="notice">
        <p>
          <Trans>
            No times until {shortDate(next)}. <Link to={weekPath(params, next)}>Go to this day</Link>
          </Trans>
        </p>
        {waitingListLink}
      </div>
    );
  }
  return (
    <div className="notice">
      <p>
        {next ? (
          <Trans>
            No times on these days. The first available time is on {shortDate(next)}.{' '}
            <Link to={weekPath(params, next)}>Go to this day</Link>
          </Trans>
        ) : doctor ? (
          <Plural
            value={days}
            one={`${doctor.display_name} has no available times in the next day.`}
            other={`${doctor.display_name} has no available times in the next # days.`}
          />
        ) : (
          <Plural
            value={days}
            one="There are no available times in the next day."
            other="There are no available times in the next # days."
          />
        )}
      </p>
      {waitingListLink}
      <CallTheClinic />
    </div>
  );
}
