import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { firstOpenSlotQuery } from '@/shared/api/list-open-slots';
import type { Doctor } from '@/shared/api/types';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { shortDay } from '@/shared/times/format';
import { JoinWaitingList } from './join-waiting-list';
import { weekPath } from './week';

interface NoTimesProps {
  doctor: Doctor;
  from: string;
  visitType: string | undefined;
}

/** A week without a single time: leads to the next one that has some. */
export function NoTimes({ doctor, from, visitType }: NoTimesProps) {
  const [params] = useSearchParams();
  // A doctor's next time need not be long enough for the visit.
  const fitting = useQuery({
    ...firstOpenSlotQuery({ doctor: doctor.id, from, visit_type: visitType }),
    enabled: Boolean(visitType),
  });
  const next = visitType ? fitting.data?.local_date : doctor.next_available_local?.local_date;
  if (visitType && fitting.isPending) return null;
  const waiting = <JoinWaitingList wanted={{ doctor: doctor.id, visitType, from }} />;
  if (next && next >= from) {
    return (
      <div className="notice">
        <p>
          <Trans>
            No times until {shortDay(next)} · <Link to={weekPath(params, next)}>go there</Link>
          </Trans>
        </p>
        {waiting}
      </div>
    );
  }
  return (
    <div className="notice">
      <p>
        {next ? (
          <Trans>
            No times in these days. The first open time is on {shortDay(next)} ·{' '}
            <Link to={weekPath(params, next)}>go there</Link>
          </Trans>
        ) : (
          <Trans>{doctor.display_name} has no open times at present.</Trans>
        )}
      </p>
      {waiting}
      <CallTheClinic />
    </div>
  );
}
