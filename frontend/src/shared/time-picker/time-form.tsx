import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { openSlotsQuery } from '@/shared/api/list-open-slots';
import type { Booking, Slot } from '@/shared/api/types';
import { ErrorList } from '@/shared/forms/error-summary';
import { DeviceTime } from '@/shared/times/appointment-time';
import { addDays } from '@/shared/times/dates';
import { longDate, shortDateTime, startTime } from '@/shared/times/format';
import { Loading } from '@/shared/ui/loading';
import { QueryView } from '@/shared/ui/query-view';
import { type DoctorChoice, openSlotsParams, waitingListTarget } from './doctor-choice';
import { useChosenSlot } from './use-chosen-slot';
import { WaitingListLink } from './waiting-list-link';
import { DAYS_SHOWN } from './week';
import { WeekTimes } from './week-times';

/** Few weeks have no times. */
const NoTimes = lazy(async () => ({ default: (await import('./no-times')).NoTimes }));

interface TimeFormProps {
  doctorChoice: DoctorChoice;
  from: string;
  visitType: string | undefined;
  moving?: Booking;
  onContinue: (slot: Slot) => void;
}

export function TimeForm({ doctorChoice, from, visitType, moving, onContinue }: TimeFormProps) {
  const { t } = useLingui();
  const [attempts, setAttempts] = useState(0);
  const slots = useQuery({
    ...openSlotsQuery({
      ...openSlotsParams(doctorChoice),
      from,
      to: addDays(from, DAYS_SHOWN - 1),
      visit_type: visitType,
      moving: moving?.id,
    }),
    // The time that the booking has already is no choice.
    select: (open) => open.filter(({ id }) => id !== moving?.slot),
  });
  const { chosen, taken, choose } = useChosenSlot(slots.data);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen) onContinue(chosen);
    else setAttempts(attempts + 1);
  };
  const first = slots.data?.[0]?.id ?? '';
  const missing = attempts > 0 && !chosen ? [{ field: first, message: t`Choose a time` }] : [];
  return (
    <QueryView query={slots} loading={t`Loading times…`}>
      {(open) =>
        open.length === 0 ? (
          <Suspense fallback={<Loading />}>
            <NoTimes doctorChoice={doctorChoice} from={from} visitType={visitType} moving={moving} />
          </Suspense>
        ) : (
          <form onSubmit={submit} noValidate>
            <ErrorList errors={missing} attempts={attempts} />
            {taken && <TimeTakenNotice slot={taken} />}
            <WeekTimes from={from} slots={open} chosen={chosen?.id ?? null} choose={choose} />
            <div className="mt-4">
              <WaitingListLink target={{ ...waitingListTarget(doctorChoice), visitType, from }}>
                <Trans>If none of these times suit you:</Trans>
              </WaitingListLink>
            </div>
            <ContinueBar chosen={chosen} />
          </form>
        )
      }
    </QueryView>
  );
}

function TimeTakenNotice({ slot }: { slot: Slot }) {
  return (
    <div role="alert" className="notice notice-warning">
      <p className="mb-0">
        <Trans>
          {startTime(slot)} on {longDate(slot.local_date)} is no longer available. Choose another time.
        </Trans>
      </p>
    </div>
  );
}

function ContinueBar({ chosen }: { chosen: Slot | null }) {
  return (
    <div className="continue-bar">
      <p className="mb-0" aria-live="polite">
        {chosen ? (
          <>
            <strong>{shortDateTime(chosen)}</strong>, {chosen.tz_label}
            {chosen.doctor_name && `, ${chosen.doctor_name}`}
            <DeviceTime time={chosen} />
          </>
        ) : (
          <Trans>No time selected</Trans>
        )}
      </p>
      <button type="submit" className="btn btn-primary btn-lg">
        <Trans>Continue</Trans>
      </button>
    </div>
  );
}
