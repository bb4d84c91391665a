import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { firstOpenSlotQuery } from '@/shared/api/list-open-slots';
import type { Booking } from '@/shared/api/types';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { shortDate } from '@/shared/times/format';
import { type DoctorChoice, openSlotsParams, waitingListTarget } from './doctor-choice';
import { WaitingListLink } from './waiting-list-link';
import { weekPath } from './week';

interface NoTimesProps {
  doctorChoice: DoctorChoice;
  from: string;
  visitType: string | undefined;
  moving?: Booking;
}

/** Shown for a week without times. Links to the next day with times. */
export function NoTimes({ doctorChoice, from, visitType, moving }: NoTimesProps) {
  const [params] = useSearchParams();
  const doctor = 'doctor' in doctorChoice ? doctorChoice.doctor : null;
  // The doctor's next time may be too short for the visit type. A move has times of its own.
  const needsLookup = !doctor || Boolean(visitType) || Boolean(moving);
  const search = { ...openSlotsParams(doctorChoice), from, visit_type: visitType, moving: moving?.id };
  const lookup = useQuery({
    ...firstOpenSlotQuery(search, moving?.slot ?? undefined),
    enabled: needsLookup,
  });
  const next = needsLookup ? lookup.data?.local_date : doctor?.next_available_local?.local_date;
  if (needsLookup && lookup.isPending) return null;
  const waitingListLink = (
    <WaitingListLink target={{ ...waitingListTarget(doctorChoice), visitType, from }} />
  );
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
          <Trans>{doctor.display_name} has no available times at the moment.</Trans>
        ) : (
          <Trans>There are no available times at the moment.</Trans>
        )}
      </p>
      {waitingListLink}
      <CallTheClinic />
    </div>
  );
}
