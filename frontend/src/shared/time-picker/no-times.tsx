import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { firstOpenSlotQuery } from '@/shared/api/list-open-slots';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { shortDay } from '@/shared/times/format';
import { timesOf, type Whose, wishOf } from './doctor-choice';
import { JoinWaitingList } from './waiting-list-link';
import { weekPath } from './week';

interface NoTimesProps {
  whose: Whose;
  from: string;
  visitType: string | undefined;
}

/** A week without a single time: leads to the next one that has some. */
export function NoTimes({ whose, from, visitType }: NoTimesProps) {
  const [params] = useSearchParams();
  const doctor = 'doctor' in whose ? whose.doctor : null;
  // A doctor's next time need not be long enough for the visit.
  const toAsk = !doctor || Boolean(visitType);
  const fitting = useQuery({
    ...firstOpenSlotQuery({ ...timesOf(whose), from, visit_type: visitType }),
    enabled: toAsk,
  });
  const next = toAsk ? fitting.data?.local_date : doctor?.next_available_local?.local_date;
  if (toAsk && fitting.isPending) return null;
  const waiting = <JoinWaitingList wanted={{ ...wishOf(whose), visitType, from }} />;
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
        ) : doctor ? (
          <Trans>{doctor.display_name} has no open times at present.</Trans>
        ) : (
          <Trans>There are no open times at present.</Trans>
        )}
      </p>
      {waiting}
      <CallTheClinic />
    </div>
  );
}
