import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { ChangedSlot } from '@/gen';
import { useAnnounce } from '@/shared/staff/announcements';
import { endTime, shortDate, startTime } from '@/shared/times/format';
import { ErrorMessage } from '@/shared/ui/error-message';
import { QueryView } from '@/shared/ui/query-view';
import { changedSlotsQuery, type SlotKind, useOfferAgain, useRemoveSlot } from './slots';

interface ChangedSlotsProps {
  doctor: string | undefined;
  kind: SlotKind;
  /** Whether the list above has rows, so that an empty one needs no text. */
  hasOthers?: boolean;
}

export function ChangedSlots({ doctor, kind, hasOthers = false }: ChangedSlotsProps) {
  const { t } = useLingui();
  const slots = useQuery(changedSlotsQuery(doctor, kind));
  const change = useChange(kind);
  const empty = {
    added: t`No one-off times have been added.`,
    blocked: t`Nothing is blocked.`,
    removed: t`No times have been removed.`,
  };
  return (
    <QueryView query={slots}>
      {({ results, count }) => (
        <>
          {change.error && <ErrorMessage error={change.error} />}
          {results.length === 0 && !hasOthers && <p className="text-body-secondary">{empty[kind]}</p>}
          <ul className="list-unstyled portal-rows">
            {results.map((slot) => (
              <SlotRow key={slot.id} slot={slot} kind={kind} change={() => change.run(slot)} />
            ))}
          </ul>
          {count > results.length && (
            <p className="text-body-secondary">
              <Trans>
                These are the first {results.length} of {count}.
              </Trans>
            </p>
          )}
        </>
      )}
    </QueryView>
  );
}

/** Removes an added time; offers a blocked or removed one again. */
function useChange(kind: SlotKind) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const remove = useRemoveSlot();
  const offer = useOfferAgain();
  const offerAgain = (id: string) =>
    offer.mutate(
      { id, kind: kind === 'added' ? 'removed' : kind },
      {
        onSuccess: (isOffered) =>
          announce({
            text: isOffered
              ? t`This time is offered again.`
              : t`This time is outside your hours, so it is not offered.`,
          }),
      },
    );
  const run = ({ id }: ChangedSlot) => {
    if (remove.isPending || offer.isPending) return;
    if (kind !== 'added') return offerAgain(id);
    remove.mutate(id, {
      onSuccess: () => announce({ text: t`The time was removed.`, undo: () => offerAgain(id) }),
    });
  };
  return { run, error: remove.error ?? offer.error };
}

interface SlotRowProps {
  slot: ChangedSlot;
  kind: SlotKind;
  change: () => void;
}

function SlotRow({ slot, kind, change }: SlotRowProps) {
  const { t } = useLingui();
  const time = `${shortDate(slot.local_date)}, ${startTime(slot)} – ${endTime(slot)}`;
  const notes = [
    slot.place?.name,
    kind === 'added' && slot.is_taken && t`Booked`,
    kind === 'added' && !slot.fits_hours && t`Not offered: time off`,
  ].filter(Boolean);
  return (
    <li className="portal-row">
      <div>
        <p className="mb-0">{time}</p>
        {notes.length > 0 && <p className="mb-0 text-body-secondary">{notes.join(' · ')}</p>}
      </div>
      {!(kind === 'added' && slot.is_taken) && (
        <button
          type="button"
          className="btn btn-outline-primary"
          aria-label={kind === 'added' ? t`Remove ${time}` : t`Offer again: ${time}`}
          onClick={change}
        >
          {kind === 'added' ? <Trans>Remove</Trans> : <Trans>Offer again</Trans>}
        </button>
      )}
    </li>
  );
}
