import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Outcome, ScheduleDays } from '@/gen';
import { useAnnounce } from '@/shared/staff/announcements';
import { fullDate } from '@/shared/times/format';
import { errorDetails } from '@/shared/ui/error-text';
import { QueryView } from '@/shared/ui/query-view';
import { useFocusOn } from '@/shared/ui/use-focus-on';
import { AffectedBookings } from '../affected/affected-bookings';
import { type Decisions, NO_DECISIONS } from '../affected/decisions';
import { Outcomes } from '../affected/outcomes';
import { DayForm } from './day-form';
import { type DayChange, exceptionsQuery, usePreviewDay, useSaveDay } from './exceptions';

interface DayEditorProps {
  doctor: string | undefined;
  date: string;
  schedule: ScheduleDays;
  /** The month without a chosen day. */
  back: string;
}

/** Changes the hours of one date in steps: edit, decide about the appointments outside them, result. */
export function DayEditor({ doctor, date, schedule, back }: DayEditorProps) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const navigate = useNavigate();
  const stored = useQuery(exceptionsQuery(doctor));
  const preview = usePreviewDay(doctor);
  const save = useSaveDay(doctor);
  const [change, setChange] = useState<DayChange>();
  const [outcomes, setOutcomes] = useState<Outcome[]>();
  const heading = useFocusOn<HTMLHeadingElement>(outcomes ?? date);
  const saveWith = (saved: DayChange, decisions: Decisions) =>
    save.mutate(
      { change: saved, version: stored.data?.version ?? '*', decisions },
      {
        onSuccess: ({ bookings }) => {
          if (bookings.length > 0) return setOutcomes(bookings);
          announce({ text: t`The hours of ${fullDate(date)} are saved.` });
          navigate(back, { preventScrollReset: true });
        },
        onError: () => setChange(undefined),
      },
    );
  const check = (asked: DayChange) =>
    preview.mutate(asked, {
      onSuccess: (bookings) => (bookings.length > 0 ? setChange(asked) : saveWith(asked, NO_DECISIONS)),
    });
  const error = save.error ?? preview.error;
  if (outcomes) {
    return (
      <section className="portal-card">
        <h2 className="h5" ref={heading} tabIndex={-1}>
          {t`The hours of ${fullDate(date)} are saved`}
        </h2>
        <Outcomes outcomes={outcomes} />
      </section>
    );
  }
  if (change) {
    return (
      <section>
        <AffectedBookings
          bookings={preview.data ?? []}
          save={(decisions) => saveWith(change, decisions)}
          busy={save.isPending}
          back={() => setChange(undefined)}
        >
          <Trans>These appointments are outside the new hours of the day. Nothing has been saved yet.</Trans>
        </AffectedBookings>
      </section>
    );
  }
  return (
    <section className="portal-card" aria-labelledby="day-heading">
      <h2 ref={heading} id="day-heading" tabIndex={-1} className="h5">
        {fullDate(date)}
      </h2>
      {error && (
        <p role="alert" className="notice notice-danger">
          {errorDetails(error)}
        </p>
      )}
      <QueryView query={stored}>
        {({ days }) => (
          <DayForm
            doctor={doctor}
            date={date}
            exception={days.find((day) => day.date === date)}
            schedule={schedule}
            save={check}
            busy={preview.isPending || save.isPending}
            back={back}
          />
        )}
      </QueryView>
    </section>
  );
}
