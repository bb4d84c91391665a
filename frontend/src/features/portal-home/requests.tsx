import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { type FormEvent, useId, useState } from 'react';
import { Link } from 'react-router';
import type { Dashboard } from '@/gen';
import { useAnnounce } from '@/shared/staff/announcements';
import { useCancelBooking } from '@/shared/staff/booking-steps';
import { shortDateTime } from '@/shared/times/format';
import { ErrorMessage } from '@/shared/ui/error-message';
import type { Visit } from './board';
import { useStep } from './steps';

/** The appointments that patients have requested, to be confirmed or declined here. */
export function Requests({ dashboard, showDoctor }: { dashboard: Dashboard; showDoctor: boolean }) {
  const { t } = useLingui();
  const { requests, requests_count } = dashboard;
  const more = requests_count - requests.length;
  return (
    <section className="portal-card" aria-labelledby="requests">
      <h2 id="requests" tabIndex={-1}>
        {t`Requests to confirm`} <span className="board-count">{requests_count}</span>
      </h2>
      {requests.length === 0 ? (
        <p className="board-empty">
          <Trans>There are no requests.</Trans>
        </p>
      ) : (
        <ul className="home-list">
          {requests.map((visit) => (
            <Request key={visit.id} visit={visit} showDoctor={showDoctor} />
          ))}
        </ul>
      )}
      {more > 0 && (
        <p className="board-empty">
          <Plural value={more} one="There is # more." other="There are # more." />
        </p>
      )}
    </section>
  );
}

function Request({ visit, showDoctor }: { visit: Visit; showDoctor: boolean }) {
  const { t } = useLingui();
  const step = useStep({ onMoved: focusHeading });
  const [declines, setDeclines] = useState(false);
  const details = [visit.visit_type?.name, showDoctor && visit.doctor_name, visit.reason].filter(Boolean);
  return (
    <li className="home-row">
      <p className="home-row-title">
        <Link to={`/portal/bookings/${visit.id}`}>{visit.patient.name}</Link>
      </p>
      <p>{shortDateTime(visit)}</p>
      {details.length > 0 && <p className="visit-card-details">{details.join(' · ')}</p>}
      <p className="home-row-steps">
        <button
          type="button"
          className="btn btn-primary"
          onClick={() => step.mutate({ visit, step: 'confirm' })}
        >
          <Trans>
            Confirm<span className="visually-hidden">: {visit.patient.name}</span>
          </Trans>
        </button>
        <button
          type="button"
          className="btn btn-outline-primary"
          aria-expanded={declines}
          onClick={() => setDeclines(!declines)}
        >
          <Trans>
            Decline<span className="visually-hidden">: {visit.patient.name}</span>
          </Trans>
        </button>
      </p>
      {declines && <DeclineForm visit={visit} label={t`Reason for ${visit.patient.name}`} />}
    </li>
  );
}

/** The row is gone after a step, so the focus moves to the heading of the list. */
const focusHeading = () => document.getElementById('requests')?.focus();

function DeclineForm({ visit, label }: { visit: Visit; label: string }) {
  const { t } = useLingui();
  const id = useId();
  const [reason, setReason] = useState('');
  const announce = useAnnounce();
  const decline = useCancelBooking(visit);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (decline.isPending) return;
    try {
      await decline.mutateAsync({ reason });
      announce({ text: t`Request of ${visit.patient.name} declined` });
      focusHeading();
    } catch {
      // Shown above the field.
    }
  };
  return (
    <form onSubmit={submit} className="decline-form">
      {decline.isError && <ErrorMessage error={decline.error} />}
      <label htmlFor={id} className="form-label">
        {label}
      </label>
      <p id={`${id}-hint`} className="form-text">
        <Trans>We include it in the email to the patient. Do not mention anyone’s health.</Trans>
      </p>
      <textarea
        id={id}
        className="form-control"
        rows={2}
        maxLength={2000}
        aria-describedby={`${id}-hint`}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <button type="submit" className="btn btn-primary mt-2">
        {decline.isPending ? <Trans>Declining…</Trans> : <Trans>Decline the request</Trans>}
      </button>
    </form>
  );
}
