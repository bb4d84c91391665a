import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { Outcome, ScheduleDays } from '@/gen';
import { isApiError } from '@/shared/api/api-error';
import { useAnnounce } from '@/shared/staff/announcements';
import { errorDetails } from '@/shared/ui/error-text';
import { PageHeading } from '@/shared/ui/page-heading';
import { AffectedBookings } from '../affected/affected-bookings';
import { type Decisions, NO_DECISIONS } from '../affected/decisions';
import { Outcomes } from '../affected/outcomes';
import { useWholePageStep } from '../schedule/whole-page-step';
import { Conflict } from './conflict';
import { useHoursDraft } from './hours-draft';
import { HoursForm } from './hours-form';
import type { Interval, StoredHours } from './week';
import { usePreviewHours, useSaveHours } from './working-hours';

interface HoursEditorProps {
  doctor: string | undefined;
  stored: StoredHours;
  schedule: ScheduleDays;
}

/** Changes the weekly hours in steps: edit, decide about the appointments outside them, result. */
export function HoursEditor({ doctor, stored, schedule }: HoursEditorProps) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const draft = useHoursDraft(stored, schedule);
  const preview = usePreviewHours(doctor);
  const save = useSaveHours(doctor);
  const [step, setStep] = useState<'edit' | 'decide' | 'done'>('edit');
  const [outcomes, setOutcomes] = useState<Outcome[]>([]);
  const saveWith = (decisions: Decisions) =>
    save.mutate(
      { hours: draft.hours, version: draft.version, decisions },
      {
        onSuccess: (saved) => {
          draft.restart({ hours: saved.hours ?? [], version: saved.version });
          setOutcomes(saved.bookings ?? []);
          setStep(saved.bookings?.length ? 'done' : 'edit');
          if (!saved.bookings?.length) announce({ text: t`Your hours are saved.` });
        },
        onError: (error) => isApiError(error, 'hours_changed') && setStep('edit'),
      },
    );
  const check = () =>
    preview.mutate(draft.hours, {
      onSuccess: (bookings) => (bookings.length > 0 ? setStep('decide') : saveWith(NO_DECISIONS)),
    });
  const error = save.error ?? preview.error;
  if (isApiError(save.error, 'hours_changed')) {
    const use = (theirs: StoredHours, week: Interval[]) => {
      draft.continueFrom(theirs, week);
      save.reset();
      setStep('edit');
    };
    return <Conflict doctor={doctor} draft={draft} use={use} />;
  }
  if (step === 'decide') {
    return (
      <AffectedBookings
        bookings={preview.data ?? []}
        save={saveWith}
        busy={save.isPending}
        error={save.error && <SaveError error={save.error} />}
        back={() => setStep('edit')}
      >
        <Trans>These appointments are outside the new hours. Nothing has been saved yet.</Trans>
      </AffectedBookings>
    );
  }
  if (step === 'done') return <Done outcomes={outcomes} back={() => setStep('edit')} />;
  return (
    <HoursForm
      doctor={doctor}
      draft={draft}
      schedule={schedule}
      save={check}
      busy={preview.isPending || save.isPending}
      error={error ? <SaveError error={error} /> : null}
    />
  );
}

function Done({ outcomes, back }: { outcomes: Outcome[]; back: () => void }) {
  const { t } = useLingui();
  useWholePageStep();
  return (
    <div className="portal-narrow">
      <PageHeading title={t`Your hours are saved`} />
      <Outcomes outcomes={outcomes} />
      <button type="button" className="btn btn-primary" onClick={back}>
        <Trans>Back to the hours</Trans>
      </button>
    </div>
  );
}

function SaveError({ error }: { error: unknown }) {
  return (
    <div role="alert" className="notice notice-danger portal-narrow">
      <p className="mb-0">{errorDetails(error)}</p>
    </div>
  );
}
