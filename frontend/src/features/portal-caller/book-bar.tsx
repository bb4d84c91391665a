import { Trans, useLingui } from '@lingui/react/macro';
import { useSyncExternalStore } from 'react';
import { useClinic } from '@/shared/clinic/clinic-context';
import { Icon } from '@/shared/staff/icon';
import { timeInZone } from '@/shared/times/device-time';
import { shortDateTime } from '@/shared/times/format';
import { useElapsed } from '@/shared/ui/use-elapsed';
import type { CallerForm } from './use-caller-form';

const STILL_TRYING_AFTER_S = 3;

/** A summary of the booking with its hold and the button, at the end of the window. */
export function BookBar({ form }: { form: CallerForm }) {
  const { t } = useLingui();
  const { patient, visitType, chosen, booking } = form;
  const seconds = useElapsed(booking.isPending ? booking.submittedAt : null);
  const label = !booking.isPending
    ? t`Book`
    : seconds < STILL_TRYING_AFTER_S
      ? t`Booking…`
      : t`Still trying…`;
  return (
    <div className="book-bar">
      <div className="book-bar-text">
        <p className="book-bar-what">
          {[patient?.name ?? t`No patient yet`, visitType?.name].filter(Boolean).join(' · ')}
        </p>
        <p>
          {chosen
            ? `${shortDateTime(chosen)}, ${chosen.tz_label} · ${chosen.doctor_name}`
            : t`No time chosen yet`}
        </p>
        <HoldState form={form} />
      </div>
      <button
        id="book"
        type="submit"
        className="btn btn-primary btn-lg"
        aria-busy={booking.isPending || undefined}
      >
        <span aria-live="polite">{label}</span>
      </button>
    </div>
  );
}

function HoldState({ form }: { form: CallerForm }) {
  const { chosen, patient, hold } = form;
  if (!chosen) return null;
  if (!patient) {
    return (
      <p className="book-bar-hold">
        <Trans>We will hold this time when you choose a patient.</Trans>
      </p>
    );
  }
  if (hold.isPending) {
    return (
      <p className="book-bar-hold">
        <Trans>Holding this time…</Trans>
      </p>
    );
  }
  return hold.held ? <Countdown endsAt={hold.held.endsAt} renew={hold.renew} /> : null;
}

function everySecond(callback: () => void): () => void {
  const timer = setInterval(callback, 1000);
  return () => clearInterval(timer);
}

function Countdown({ endsAt, renew }: { endsAt: number; renew: () => void }) {
  const { time_zone } = useClinic();
  const left = useSyncExternalStore(everySecond, () => Math.max(0, Math.ceil((endsAt - Date.now()) / 1000)));
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  if (left === 0) {
    return (
      <p className="book-bar-hold is-over" role="status">
        <Trans>The hold has ended.</Trans>{' '}
        <button type="button" className="btn btn-link" onClick={renew}>
          <Trans>Hold it again</Trans>
        </button>
      </p>
    );
  }
  const until = timeInZone(new Date(endsAt).toISOString(), time_zone);
  return (
    <p className="book-bar-hold" role="timer" aria-live="off">
      <Icon name="hold" />
      <Trans>
        Held until {until} ({clock} left)
      </Trans>
    </p>
  );
}
