import { Plural } from '@lingui/react/macro';
import { startTime } from '@/shared/times/format';
import type { PlacedVisit } from '../shared/types';
import { VisitLink } from '../shared/visit-link';

/** The cancelled visits of a column, folded. */
export function CancelledVisits({ visits }: { visits: PlacedVisit[] }) {
  return (
    <details className="calendar-cancelled">
      <summary>
        <Plural value={visits.length} one="# cancelled" other="# cancelled" />
      </summary>
      <ul>
        {visits.map(({ booking }) => (
          <li key={booking.id}>
            <VisitLink booking={booking}>
              {startTime(booking)} {booking.patient?.name}
            </VisitLink>
          </li>
        ))}
      </ul>
    </details>
  );
}
