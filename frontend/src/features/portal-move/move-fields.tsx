import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { MovableVisit, WhyNot } from '@/gen';
import { isDate } from '@/shared/times/dates';
import { FreeTimes } from './free-times';
import { allDoctorsQuery } from './list-doctors';
import { TimeCheck } from './time-check';
import type { Wanted } from './wanted';

interface MoveFieldsProps {
  visit: MovableVisit;
  wanted: Wanted;
  change: (changes: Partial<Wanted>) => void;
  check: WhyNot | undefined;
}

export function MoveFields({ visit, wanted, change, check }: MoveFieldsProps) {
  const { t } = useLingui();
  const doctors = useQuery(allDoctorsQuery).data ?? [visit.doctor];
  const doctor = doctors.find(({ id }) => id === wanted.doctor)?.display_name ?? visit.doctor.display_name;
  const listed = doctors.some(({ id }) => id === visit.doctor.id) ? doctors : [visit.doctor, ...doctors];
  return (
    <div className="move-columns">
      <div className="portal-card">
        <Labelled id="move-doctor" label={t`Doctor`}>
          <select
            id="move-doctor"
            className="form-select"
            value={wanted.doctor}
            onChange={({ target }) => change({ doctor: target.value })}
          >
            {listed.map(({ id, display_name }) => (
              <option key={id} value={id}>
                {display_name}
              </option>
            ))}
          </select>
        </Labelled>
        <div className="move-time">
          <Labelled id="move-date" label={t`Date`}>
            <input
              id="move-date"
              type="date"
              className="form-control"
              value={wanted.date}
              onChange={({ target }) => change({ date: target.value })}
            />
          </Labelled>
          <Labelled id="move-time" label={t`Start`}>
            <input
              id="move-time"
              type="time"
              step={300}
              className="form-control"
              value={wanted.time}
              onChange={({ target }) => change({ time: target.value })}
            />
          </Labelled>
          <Labelled id="move-minutes" label={t`Length (minutes)`}>
            <input
              id="move-minutes"
              type="number"
              min={5}
              max={480}
              step={5}
              inputMode="numeric"
              className="form-control"
              value={wanted.minutes}
              onChange={({ target }) => change({ minutes: target.value })}
            />
          </Labelled>
        </div>
        <Labelled id="move-note" label={t`Message to the patient (optional)`}>
          <input
            id="move-note"
            className="form-control"
            maxLength={200}
            value={wanted.note}
            onChange={({ target }) => change({ note: target.value })}
          />
        </Labelled>
        <p className="form-text">
          <Trans>
            The patient gets one message with the new time. You can undo the move for some seconds.
          </Trans>
        </p>
      </div>
      <div className="portal-card" aria-live="polite">
        {check && <TimeCheck check={check} doctor={doctor} />}
        {isDate(wanted.date) && (
          <FreeTimes
            doctor={wanted.doctor}
            date={wanted.date}
            moving={visit.id}
            choose={(slot) => change({ date: slot.local_date, time: slot.local_time.slice(0, 5) })}
          />
        )}
      </div>
    </div>
  );
}

function Labelled({ id, label, children }: { id: string; label: ReactNode; children: ReactNode }) {
  return (
    <div className="field">
      <label className="form-label" htmlFor={id}>
        {label}
      </label>
      {children}
    </div>
  );
}
