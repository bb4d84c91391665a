import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { StaffNotices } from '@/shared/api/types';
import { ErrorMessage } from '@/shared/ui/error-message';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { SavedNotice } from './saved-notice';
import { staffNoticesQuery, useChangeStaffNotices } from './staff-notices';

const HOURS = Array.from({ length: 19 }, (_, index) => index + 4);

type Topic = 'booked' | 'cancelled' | 'rescheduled' | 'offer_taken' | 'attendance' | 'not_delivered';
type Change = (changes: Partial<StaffNotices>) => void;

/** The page on which doctors and staff choose which emails about appointments they receive. */
export function StaffNoticesPage() {
  const { t } = useLingui();
  return (
    <div className="narrow">
      <PageHeading title={t`Emails about appointments`} />
      <p>
        <Trans>
          Choose which changes we email you about. These emails contain the time and place of appointments,
          and nothing about patients.
        </Trans>
      </p>
      <QueryView query={useQuery(staffNoticesQuery())} loading={t`Loading your choices…`}>
        {(notices) => <NoticesForm saved={notices} />}
      </QueryView>
    </div>
  );
}

function NoticesForm({ saved }: { saved: StaffNotices }) {
  const { t } = useLingui();
  const [notices, setNotices] = useState(saved);
  const [saveCount, setSaveCount] = useState(0);
  const update = useChangeStaffNotices();
  const change: Change = (changes) => setNotices({ ...notices, ...changes });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!update.isPending) update.mutate(notices, { onSuccess: () => setSaveCount(saveCount + 1) });
  };
  return (
    <form onSubmit={submit}>
      {saveCount > 0 && <SavedNotice saveCount={saveCount} />}
      {update.isError && <ErrorMessage error={update.error} />}
      <Mode {...{ notices, change }} topic="booked" label={t`New appointments`} />
      <Mode {...{ notices, change }} topic="cancelled" label={t`Cancelled appointments`} />
      <Mode {...{ notices, change }} topic="rescheduled" label={t`Rescheduled appointments`} />
      <Mode {...{ notices, change }} topic="offer_taken" label={t`Accepted waiting list offers`} />
      <Mode {...{ notices, change }} topic="attendance" label={t`Patients who confirm that they will come`} />
      <Mode {...{ notices, change }} topic="not_delivered" label={t`Messages to patients that failed`} />
      <Hour
        label={t`Time of the daily email about changes`}
        name="digest_hour"
        value={notices.digest_hour}
        onChange={(digest_hour) => change({ digest_hour })}
      />
      <div className="form-check mb-3">
        <input
          id="day_schedule"
          type="checkbox"
          className="form-check-input"
          checked={notices.day_schedule}
          onChange={(event) => change({ day_schedule: event.target.checked })}
        />
        <label className="form-check-label" htmlFor="day_schedule">
          <Trans>Email me my schedule each day that I have appointments</Trans>
        </label>
      </div>
      <Hour
        label={t`Time of the email with the schedule`}
        name="day_hour"
        value={notices.day_hour}
        onChange={(day_hour) => change({ day_hour })}
      />
      <button type="submit" className="btn btn-primary">
        {update.isPending ? <Trans>Saving…</Trans> : <Trans>Save</Trans>}
      </button>
    </form>
  );
}

interface ModeProps {
  notices: StaffNotices;
  change: Change;
  topic: Topic;
  label: string;
}

function Mode({ notices, change, topic, label }: ModeProps) {
  return (
    <div className="field">
      <label className="form-label" htmlFor={topic}>
        {label}
      </label>
      <select
        id={topic}
        className="form-select"
        value={notices[topic]}
        onChange={(event) => change({ [topic]: event.target.value })}
      >
        <option value="each">
          <Trans>One email for each</Trans>
        </option>
        <option value="digest">
          <Trans>One email a day</Trans>
        </option>
        <option value="off">
          <Trans>No emails</Trans>
        </option>
      </select>
    </div>
  );
}

interface HourProps {
  label: string;
  name: string;
  value: number;
  onChange: (hour: number) => void;
}

function Hour({ label, name, value, onChange }: HourProps) {
  return (
    <div className="field">
      <label className="form-label" htmlFor={name}>
        {label}
      </label>
      <select
        id={name}
        className="form-select w-auto"
        value={value}
        onChange={(event) => onChange(Number(event.target.value))}
      >
        {HOURS.map((hour) => (
          <option key={hour} value={hour}>
            {`${String(hour).padStart(2, '0')}:00`}
          </option>
        ))}
      </select>
    </div>
  );
}
