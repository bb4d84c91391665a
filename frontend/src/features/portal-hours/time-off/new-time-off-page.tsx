import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link, Navigate, useNavigate, useSearchParams } from 'react-router';
import type { Outcome, TimeOffPeriodRequest } from '@/gen';
import { useAnnounce } from '@/shared/staff/announcements';
import { errorDetails } from '@/shared/ui/error-text';
import { PageHeading } from '@/shared/ui/page-heading';
import { AffectedBookings } from '../affected/affected-bookings';
import { type Decisions, NO_DECISIONS } from '../affected/decisions';
import { Outcomes } from '../affected/outcomes';
import { useMayChangeSchedule, useScheduleDoctor, withDoctor } from '../schedule/schedule-doctor';
import { useAddTimeOff, usePreviewTimeOff, useRemoveTimeOff } from './time-off';
import { TimeOffForm } from './time-off-form';
import { type TimeOffValues, toPeriod, valuesOf } from './time-off-values';

/** Adds time off in two steps: the period, then a choice for each appointment in it. */
export function NewTimeOffPage() {
  const { t } = useLingui();
  const [search] = useSearchParams();
  const doctor = useScheduleDoctor();
  const mayChange = useMayChangeSchedule();
  const [values, setValues] = useState<TimeOffValues>(() => valuesOf(search));
  const [note, setNote] = useState('');
  const [asked, setAsked] = useState<TimeOffPeriodRequest>();
  const [outcomes, setOutcomes] = useState<Outcome[]>();
  const preview = usePreviewTimeOff();
  const add = useAddTimeOff();
  const finish = useFinish(doctor);
  const save = (period: TimeOffPeriodRequest, decisions: Decisions) =>
    add.mutate(
      { ...period, ...decisions },
      {
        onSuccess: ({ time_off, bookings }) => {
          if (bookings.some((row) => row.done !== 'kept' || row.refused)) setOutcomes(bookings);
          else finish(time_off.id);
        },
      },
    );
  const check = () => {
    const period = toPeriod(values, doctor);
    add.reset();
    preview.mutate(period, {
      onSuccess: (bookings) =>
        bookings.length > 0 ? setAsked(period) : save(period, { ...NO_DECISIONS, note: note.trim() }),
    });
  };
  const error = add.error ?? preview.error;
  if (!mayChange) return <Navigate replace to="/portal/doctors" />;
  if (outcomes) return <Done outcomes={outcomes} back={withDoctor('/portal/time-off', doctor)} />;
  if (asked) {
    return (
      <AffectedBookings
        bookings={preview.data ?? []}
        save={(decisions) => save(asked, decisions)}
        busy={add.isPending}
        reason={note}
        error={add.error && <TimeOffError error={add.error} />}
        back={() => setAsked(undefined)}
      >
        <Trans>These appointments are in the time off. Nothing has been saved yet.</Trans>
      </AffectedBookings>
    );
  }
  return (
    <div className="portal-narrow">
      <PageHeading title={values.kind === 'part' ? t`Block part of a day` : t`Add time off`} />
      {error && <TimeOffError error={error} />}
      <TimeOffForm
        values={values}
        change={setValues}
        note={note}
        setNote={setNote}
        submit={check}
        busy={preview.isPending || add.isPending}
      />
    </div>
  );
}

/** Goes back to the list, and offers to undo the time off. */
function useFinish(doctor: string | undefined) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const announce = useAnnounce();
  const remove = useRemoveTimeOff();
  return (id: string) => {
    const undo = () =>
      remove.mutate(
        { id, undo: true },
        { onSuccess: () => announce({ text: t`The time off was removed.` }) },
      );
    announce({ text: t`The time off is added.`, undo });
    navigate(withDoctor('/portal/time-off', doctor));
  };
}

function TimeOffError({ error }: { error: unknown }) {
  return (
    <p role="alert" className="notice notice-danger">
      {errorDetails(error)}
    </p>
  );
}

function Done({ outcomes, back }: { outcomes: Outcome[]; back: string }) {
  const { t } = useLingui();
  return (
    <div className="portal-narrow">
      <PageHeading title={t`The time off is added`} />
      <p>
        <Trans>
          If you remove this time off, you can restore the appointments that were moved or cancelled to their
          original times.
        </Trans>
      </p>
      <Outcomes outcomes={outcomes} />
      <Link className="btn btn-primary" to={back}>
        <Trans>Back to time off</Trans>
      </Link>
    </div>
  );
}
