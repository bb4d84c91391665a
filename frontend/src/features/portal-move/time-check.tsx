import { Plural, Trans } from '@lingui/react/macro';
import type { WhyNot } from '@/gen';
import { Icon } from '@/shared/staff/icon';
import { endTime, fullDate, startTime } from '@/shared/times/format';

/** Whether the doctor is free at the chosen time. If not, lists the reasons. */
export function TimeCheck({ check, doctor }: { check: WhyNot; doctor: string }) {
  const isFree = check.obstacles.length === 0 && check.overlaps.length === 0;
  const [day, start, end] = [fullDate(check.local_date), startTime(check), endTime(check)];
  return (
    <div className={`move-check ${isFree ? 'is-free' : 'is-taken'}`}>
      <h2>
        <Icon name={isFree ? 'check' : 'warning'} />
        {isFree ? <Trans>{doctor} is free</Trans> : <Trans>This time is not free</Trans>}
      </h2>
      <p>
        <Trans>
          {day}, {start} to {end} ({check.tz_label})
        </Trans>
        {check.place && ` · ${check.place.name}`}
      </p>
      {!isFree && <Obstacles check={check} />}
    </div>
  );
}

/** The rules that the time breaks, and the visits that it would overlap. */
export function Obstacles({ check }: { check: WhyNot }) {
  return (
    <>
      {check.obstacles.length > 0 && (
        <ul className="move-obstacles">
          {check.obstacles.map(({ rule, words }) => (
            <li key={rule + words}>{words}</li>
          ))}
        </ul>
      )}
      {check.overlaps.length > 0 && (
        <>
          <p>
            <Plural
              value={check.overlaps.length}
              one="It would overlap this appointment:"
              other="It would overlap these # appointments:"
            />
          </p>
          <ul className="move-obstacles">
            {check.overlaps.map((visit) => (
              <li key={visit.id}>
                <strong>
                  <Trans>
                    {startTime(visit)} to {endTime(visit)}
                  </Trans>
                </strong>{' '}
                {visit.patient ||
                  (visit.status === 'HELD' ? <Trans>a held time</Trans> : <Trans>a patient</Trans>)}
                {visit.visit_type && ` · ${visit.visit_type}`}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
