import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { Doctor } from '@/shared/api/types';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { shortDay } from '@/shared/times/format';

/** A week without a single time: leads to the next one that has some. */
export function NoTimes({ doctor, from }: { doctor: Doctor; from: string }) {
  const next = doctor.next_available_local?.local_date;
  if (next && next >= from) {
    return (
      <div className="notice">
        <p className="mb-0">
          <Trans>
            No times until {shortDay(next)} · <Link to={`?from=${next}`}>go there</Link>
          </Trans>
        </p>
      </div>
    );
  }
  return (
    <div className="notice">
      <p>
        {next ? (
          <Trans>
            No times in these days. The first open time is on {shortDay(next)} ·{' '}
            <Link to={`?from=${next}`}>go there</Link>
          </Trans>
        ) : (
          <Trans>{doctor.display_name} has no open times at present.</Trans>
        )}
      </p>
      <CallTheClinic />
    </div>
  );
}
