import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { RestoredBooking, TimeOffDetail } from '@/gen';
import { Choice } from '@/shared/forms/choice';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useAnnounce } from '@/shared/staff/announcements';
import { shortDateTime } from '@/shared/times/format';
import { ErrorMessage } from '@/shared/ui/error-message';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { RestoredBookings } from '../affected/outcomes';
import { useScheduleDoctor, withDoctor } from '../schedule/schedule-doctor';
import { periodText } from './period-text';
import { oneTimeOffQuery, useRemoveTimeOff } from './time-off';

/** Removes time off, after asking whether to restore the appointments that it changed. */
export function RemoveTimeOffPage() {
  const { id = '' } = useParams();
  const [restored, setRestored] = useState<RestoredBooking[]>();
  const timeOff = useQuery({ ...oneTimeOffQuery(id), enabled: restored === undefined });
  if (restored) return <Restored bookings={restored} />;
  return (
    <QueryView page query={timeOff}>
      {(detail) => <Confirmation detail={detail} onRestored={setRestored} />}
    </QueryView>
  );
}

interface ConfirmationProps {
  detail: TimeOffDetail;
  onRestored: (bookings: RestoredBooking[]) => void;
}

function Confirmation({ detail: { time_off, effects }, onRestored }: ConfirmationProps) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const navigate = useNavigate();
  const doctor = useScheduleDoctor();
  const remove = useRemoveTimeOff();
  const [undo, setUndo] = useState(true);
  const list = withDoctor('/portal/time-off', doctor);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (remove.isPending) return;
    remove.mutate(
      { id: time_off.id, undo: undo && effects.length > 0 },
      {
        onSuccess: (bookings) => {
          if (bookings.length > 0) return onRestored(bookings);
          announce({ text: t`The time off was removed. Patients can book these times again.` });
          navigate(list);
        },
      },
    );
  };
  return (
    <form onSubmit={submit} className="portal-narrow">
      <PageHeading title={t`Remove this time off?`} />
      <p>
        <strong>{periodText(time_off)}</strong>
        {time_off.note && ` · ${time_off.note}`}
      </p>
      {remove.isError && <ErrorMessage error={remove.error} />}
      {effects.length === 0 ? (
        <p>
          <Trans>No appointments were changed. Patients can book these times again within seconds.</Trans>
        </p>
      ) : (
        <>
          <p>
            <Plural
              value={effects.length}
              one="# appointment was changed:"
              other="# appointments were changed:"
            />
          </p>
          <Effects effects={effects} />
          <fieldset className="field" aria-label={t`What happens to these appointments`}>
            <Choice id="undo-yes" name="undo" checked={undo} onChange={() => setUndo(true)}>
              <Trans>Move them back to their original times, if these are still free</Trans>
            </Choice>
            <Choice id="undo-no" name="undo" checked={!undo} onChange={() => setUndo(false)}>
              <Trans>Leave them as they are</Trans>
            </Choice>
          </fieldset>
        </>
      )}
      <div className="hours-actions">
        <SubmitButton busy={remove.isPending} busyLabel={<Trans>Removing…</Trans>}>
          <Trans>Remove time off</Trans>
        </SubmitButton>
        <Link className="btn btn-outline-primary" to={list}>
          <Trans>Keep it</Trans>
        </Link>
      </div>
    </form>
  );
}

function Effects({ effects }: { effects: TimeOffDetail['effects'] }) {
  const { t } = useLingui();
  return (
    <ul className="list-unstyled outcome-list">
      {effects.map(({ booking, done, old_local }) => (
        <li key={booking.id}>
          <strong>{booking.patient.name}</strong>, {shortDateTime(old_local)}:{' '}
          {done === 'moved' ? t`moved to ${shortDateTime(booking)}` : t`cancelled`}
        </li>
      ))}
    </ul>
  );
}

function Restored({ bookings }: { bookings: RestoredBooking[] }) {
  const { t } = useLingui();
  const doctor = useScheduleDoctor();
  return (
    <div className="portal-narrow">
      <PageHeading title={t`The time off was removed`} />
      <RestoredBookings bookings={bookings} />
      <Link className="btn btn-primary" to={withDoctor('/portal/time-off', doctor)}>
        <Trans>Back to time off</Trans>
      </Link>
    </div>
  );
}
