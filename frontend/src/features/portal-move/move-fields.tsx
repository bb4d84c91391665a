import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { MovableVisit, WhyNot } from '@/gen';
import { doctorNamesQuery } from '@/shared/staff/doctor-names';
import { isDate } from '@/shared/times/dates';
import { FreeTimes } from './free-times';
import type { MoveValues } from './move-values';
import { TimeCheck } from './time-check';

interface MoveFieldsProps {
  visit: MovableVisit;
  values: MoveValues;
  change: (changes: Partial<MoveValues>) => void;
  check: WhyNot | undefined;
}

export function MoveFields({ visit, values, change, check }: MoveFieldsProps) {
  const { t } = useLingui();
  const doctors = useQuery(doctorNamesQuery()).data ?? [visit.doctor];
  const doctor = doctors.find(({ id }) => id === values.doctor)?.display_name ?? visit.doctor.display_name;
  const listed = doctors.some(({ id }) => id === visit.doctor.id) ? doctors : [visit.doctor, ...doctors];
  return (
    <div className="move-columns">
      <div className="portal-card">
        <Labelled id="move-doctor" label={t`Doctor`}>
          <select
            id="move-doctor"
            className="form-select"
            value={values.doctor}
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
              value={values.date}
              onChange={({ target }) => change({ date: target.value })}
            />
          </Labelled>
          <Labelled id="move-time" label={t`Start`}>
            <input
              id="move-time"
              type="time"
              step={300}
              className="form-control"
              value={values.time}
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
              value={values.minutes}
              onChange={({ target }) => change({ minutes: target.value })}
            />
          </Labelled>
        </div>
        <Labelled id="move-note" label={t`Message to the patient (optional)`}>
          <input
            id="move-note"
            className="form-control"
            maxLength={200}
            value={values.note}
            onChange={({ target }) => change({ note: target.value })}
          />
        </Labelled>
        <p className="form-text">
          <Trans>
            We will send the patient one message with the new time. You can undo the move for a few seconds.
          </Trans>
        </p>
      </div>
      <div className="portal-card" aria-live="polite">
        {check && <TimeCheck check={check} doctor={doctor} />}
        {isDate(values.date) && (
          <FreeTimes
            doctor={values.doctor}
            date={values.date}
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
