import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link } from 'react-router';
import type { BookingPanel as Booking } from '@/gen';
import { withQuery } from '@/shared/paths/with-query';
import { useAnnounce } from '@/shared/staff/announcements';
import {
  type StepName,
  takeStep,
  UNDO_SECONDS,
  type UndoableStatus,
  undoStep,
  useStepText,
} from '@/shared/staff/booking-steps';
import { useRefreshPortal } from '@/shared/staff/portal-data';
import { isFrontDesk, useStaff } from '@/shared/staff/staff-context';
import { useActionLabels } from './action-labels';
import { CancelDialog } from './cancel-dialog';
import { Refusal } from './refusal';

const NEXT: Partial<Record<Booking['status'], StepName>> = {
  PENDING: 'confirm',
  CONFIRMED: 'check_in',
  CHECKED_IN: 'start',
  IN_PROGRESS: 'complete',
};
const OTHERS: StepName[] = ['confirm', 'check_in', 'start', 'complete'];

/** The next step as one clear button, the other actions, and why some are not possible now. */
export function Steps({ booking }: { booking: Booking }) {
  const { t } = useLingui();
  const labels = useActionLabels();
  const [isCancelling, setCancelling] = useState(false);
  const group = useRef<HTMLDivElement>(null);
  const keepFocus = () => {
    const focused = document.activeElement;
    // The user may be writing a note by the time the step is saved.
    if (focused === document.body || group.current?.contains(focused)) group.current?.focus();
  };
  const { take, undo, busy, refusal } = useSteps(booking, keepFocus);
  const allowed = new Set(booking.actions.filter((action) => action.is_allowed).map(({ name }) => name));
  const next = NEXT[booking.status];
  const primary = next && allowed.has(next) ? next : undefined;
  const others = OTHERS.filter((name) => name !== primary && allowed.has(name));
  const button = (name: StepName, look: string) => (
    <button
      key={name}
      type="button"
      className={`btn ${look}`}
      aria-busy={busy === name || undefined}
      onClick={() => take(name)}
    >
      {busy === name ? t`Saving…` : labels[name]}
    </button>
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div ref={group} role="group" aria-label={t`Actions`} tabIndex={-1} className="booking-steps">
      <Refusal refusal={refusal} booking={booking} />
      {primary && button(primary, 'btn-primary booking-next')}
      <div className="booking-others">
        {booking.undo && <UndoButton booking={booking} busy={busy === 'undo'} undo={undo} />}
        {others.map((name) => button(name, 'btn-outline-primary btn-sm'))}
        {allowed.has('move') && (
          <Link className="btn btn-outline-primary btn-sm" to={`/portal/bookings/${booking.id}/move`}>
            <Trans>Move</Trans>
          </Link>
        )}
        <BookAgain booking={booking} />
      </div>
      {(allowed.has('no_show') || allowed.has('cancel')) && (
        <div className="booking-endings">
          {allowed.has('no_show') && button('no_show', 'btn-outline-danger btn-sm')}
          {allowed.has('cancel') && (
            <button
              type="button"
              className="btn btn-outline-danger btn-sm"
              onClick={() => setCancelling(true)}
            >
              {booking.status === 'PENDING' ? <Trans>Decline…</Trans> : <Trans>Cancel appointment…</Trans>}
            </button>
          )}
        </div>
      )}
      <NotPossible booking={booking} />
      {isCancelling && <CancelDialog booking={booking} close={() => setCancelling(false)} />}
    </div>
  );
}

/** `keepFocus` is called when a step is saved: the button that was pressed is gone, or about to go. */
function useSteps(booking: Booking, keepFocus: () => void) {
  const { t } = useLingui();
  const stepText = useStepText();
  const announce = useAnnounce();
  const refresh = useRefreshPortal();
  // The data is refetched also if a step was refused: somebody else may have changed the booking.
  const step = useMutation({
    mutationFn: (name: StepName) => takeStep(booking.id, name, booking.version),
    onSettled: refresh,
  });
  const back = useMutation({
    mutationFn: (status: UndoableStatus) => undoStep(booking.id, status),
    onSettled: refresh,
  });
  const [refusal, setRefusal] = useState<{ error: unknown; seen: Booking }>();
  const report = (error: unknown) => setRefusal({ error, seen: booking });
  const isBusy = step.isPending || back.isPending;
  const undo = async (status: UndoableStatus) => {
    if (isBusy) return;
    setRefusal(undefined);
    try {
      await back.mutateAsync(status);
      announce({ text: t`Undone: ${booking.patient.name}` });
      keepFocus();
    } catch (error) {
      report(error);
    }
  };
  const take = async (name: StepName) => {
    if (isBusy) return;
    setRefusal(undefined);
    try {
      const { status } = await step.mutateAsync(name);
      const text = stepText(name, booking.patient.name);
      if (name === 'confirm') announce({ text });
      else announce({ text, seconds: UNDO_SECONDS, undo: () => undo(status as UndoableStatus) });
      keepFocus();
    } catch (error) {
      report(error);
    }
  };
  const busy = step.isPending ? step.variables : back.isPending ? 'undo' : undefined;
  return { take, undo, busy, refusal };
}

interface UndoButtonProps {
  booking: Booking;
  busy: boolean;
  undo: (status: UndoableStatus) => void;
}

function UndoButton({ booking, busy, undo }: UndoButtonProps) {
  const { t } = useLingui();
  const labels: Partial<Record<Booking['status'], string>> = {
    CHECKED_IN: t`Undo “arrived”`,
    IN_PROGRESS: t`Undo “started”`,
    COMPLETED: t`Undo “completed”`,
    NO_SHOW: t`Undo “no-show”`,
  };
  return (
    <button
      type="button"
      className="btn btn-outline-primary btn-sm"
      aria-busy={busy || undefined}
      onClick={() => undo(booking.status as UndoableStatus)}
    >
      {busy ? t`Saving…` : labels[booking.status]}
    </button>
  );
}

function BookAgain({ booking }: { booking: Booking }) {
  const staff = useStaff();
  if (!isFrontDesk(staff)) return null;
  const query = {
    patient: booking.patient.id,
    visit_type: booking.visit_type?.id,
    doctor: booking.doctor.id,
    rebook: booking.id,
  };
  return (
    <Link className="btn btn-outline-primary btn-sm" to={withQuery('/portal/new', query)}>
      <Trans>Book again</Trans>
    </Link>
  );
}

/** Which actions are not possible now, and why. */
function NotPossible({ booking }: { booking: Booking }) {
  const labels = useActionLabels();
  const refused = booking.actions.filter((action) => !action.is_allowed);
  if (refused.length === 0) return null;
  return (
    <details className="booking-not-possible">
      <summary>
        <Trans>Why are other actions missing?</Trans>
      </summary>
      <dl>
        {refused.map(({ name, refusal }) => (
          <div key={name}>
            <dt>{labels[name]}</dt>
            <dd>{refusal}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
