import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type SubmitEvent, useRef, useState } from 'react';
import type { BookingPanel as Booking, VisitNote as Version } from '@/gen';
import { isApiError } from '@/shared/api/api-error';
import { deleteDraft, readDraft, saveDraft } from '@/shared/session/draft';
import { useAnnounce } from '@/shared/staff/announcements';
import { shortDateTime } from '@/shared/times/format';
import { errorText } from '@/shared/ui/error-text';
import { QueryView } from '@/shared/ui/query-view';
import { Section, type SectionLevel } from './section';
import { notesQuery, useSaveNote } from './visit-notes';

interface Draft {
  text: string;
  /** The version that the draft changes. */
  basedOn: number;
}

const MAX_LENGTH = 20_000;
const draftOf = (id: string) => `visit-note-${id}`;

/** The doctor's note about the visit, with its earlier versions. */
export function VisitNote({ booking, level }: { booking: Booking; level: SectionLevel }) {
  const { t } = useLingui();
  const notes = useQuery(notesQuery(booking.id));
  return (
    <Section title={t`Visit note`} level={level}>
      <QueryView query={notes} loading={t`Loading the note…`}>
        {(versions) => (
          <>
            <NoteEditor id={booking.id} versions={versions} />
            <Versions versions={versions} />
          </>
        )}
      </QueryView>
    </Section>
  );
}

/** What is typed is stored in this tab until it is saved, and restored after a reload. */
function NoteEditor({ id, versions }: { id: string; versions: Version[] }) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const save = useSaveNote(id);
  const latest = versions[0];
  const saved = { text: latest?.text ?? '', basedOn: latest?.version ?? 0 };
  const restored = useRef(readDraft<Draft>(draftOf(id)));
  const [draft, setDraft] = useState<Draft>({ ...saved, ...restored.current });
  const isRestored = restored.current.text !== undefined && draft.text !== saved.text;
  const isChanged = draft.text !== saved.text;
  // Somebody else, or another tab, has saved the note since.
  const isBehind = draft.basedOn !== saved.basedOn;
  const shown = isChanged ? draft : saved;
  const change = (text: string) => {
    const next = { text, basedOn: isChanged ? draft.basedOn : saved.basedOn };
    setDraft(next);
    if (text === saved.text) deleteDraft(draftOf(id));
    else saveDraft(draftOf(id), next);
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (save.isPending || !isChanged) return;
    const basedOn = isBehind ? saved.basedOn : draft.basedOn;
    try {
      const [version] = await save.mutateAsync({ text: draft.text, based_on: basedOn });
      if (!version) return;
      deleteDraft(draftOf(id));
      restored.current = {};
      setDraft({ text: version.text, basedOn: version.version });
      announce({ text: t`Note saved.` });
    } catch {
      // Shown above the field.
    }
  };
  return (
    <form onSubmit={submit} className="booking-note">
      {save.isError && !isApiError(save.error, 'note_changed') && (
        <div role="alert" className="notice notice-danger">
          <p>{errorText(save.error)}</p>
        </div>
      )}
      {isChanged && isBehind && <SavedSince latest={latest} />}
      {isRestored && !isBehind && (
        <p className="text-body-secondary">
          <Trans>We have restored your unsaved text.</Trans>
        </p>
      )}
      <label className="visually-hidden" htmlFor={`note-${id}`}>
        <Trans>Visit note</Trans>
      </label>
      <textarea
        id={`note-${id}`}
        className="form-control"
        rows={6}
        maxLength={MAX_LENGTH}
        value={shown.text}
        aria-describedby={`note-hint-${id}`}
        onChange={(event) => change(event.target.value)}
      />
      <p id={`note-hint-${id}`} className="form-text">
        <Trans>Only the doctor of this visit can read it. It is never emailed.</Trans>
      </p>
      <p className="booking-note-actions">
        <button type="submit" className="btn btn-primary btn-sm" aria-busy={save.isPending || undefined}>
          {save.isPending ? <Trans>Saving…</Trans> : <Trans>Save note</Trans>}
        </button>
        <span className="text-body-secondary">
          {isChanged ? <Trans>Not saved yet</Trans> : latest && <SavedAt version={latest} />}
        </span>
      </p>
      <p className="booking-note-print booking-text">{shown.text}</p>
    </form>
  );
}

function SavedAt({ version }: { version: Version }) {
  return (
    <Trans>
      Version {version.version}, saved {shortDateTime(version.saved)}
    </Trans>
  );
}

/** The version that was saved meanwhile, next to what is being typed. */
function SavedSince({ latest }: { latest: Version | undefined }) {
  if (!latest) return null;
  return (
    <div role="alert" className="notice notice-danger">
      <p>
        <Trans>
          Another version of this note was saved: {latest.by}, {shortDateTime(latest.saved)}. Nothing is lost.
          Copy what you need from it into your text below, then save.
        </Trans>
      </p>
      <blockquote className="booking-text">{latest.text}</blockquote>
    </div>
  );
}

function Versions({ versions }: { versions: Version[] }) {
  const earlier = versions.slice(1);
  if (earlier.length === 0) return null;
  return (
    <details className="booking-versions">
      <summary>
        <Trans>Earlier versions ({earlier.length})</Trans>
      </summary>
      <ol>
        {earlier.map((version) => (
          <li key={version.version}>
            <span className="text-body-secondary">
              <SavedAt version={version} />, {version.by}
            </span>
            <span className="booking-text">{version.text}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
