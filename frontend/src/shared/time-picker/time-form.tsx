import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, lazy, type ReactNode, Suspense, useState } from 'react';
import { WaitingListLink } from '@/shared/alternatives/waiting-list-link';
import { openSlotsQuery } from '@/shared/api/list-open-slots';
import type { Booking, Slot } from '@/shared/api/types';
import { ErrorList } from '@/shared/forms/error-summary';
import { DeviceTime } from '@/shared/times/appointment-time';
import { addDays } from '@/shared/times/dates';
import { longDate, shortDateTime, startTime } from '@/shared/times/format';
import { Loading } from '@/shared/ui/loading';
import { QueryView } from '@/shared/ui/query-view';
import { Skeleton } from '@/shared/ui/skeleton';
import { type DoctorChoice, waitingListTarget } from './doctor-choice';
import type { TimesQuery } from './open-days';
import { useChosenSlot } from './use-chosen-slot';
import { DAYS_SHOWN } from './week';
import { WeekTimes } from './week-times';

/** Only for several doctors. */
const SideBySide = lazy(async () => ({ default: (await import('./side-by-side')).SideBySide }));

/** Few weeks have no times. */
const NoTimes = lazy(async () => ({ default: (await import('./no-times')).NoTimes }));

interface TimeFormProps {
  doctorChoice: DoctorChoice;
  /** The search for the times. */
  times: TimesQuery;
  isFiltered: boolean;
  from: string;
  visitType: string | undefined;
  moving?: Booking;
  onContinue: (slot: Slot) => void;
  pager?: ReactNode;
}

export function TimeForm(props: TimeFormProps) {
  const { doctorChoice, times, isFiltered, from, visitType, moving, onContinue, pager } = props;
  const { t } = useLingui();
  const [attempts, setAttempts] = useState(0);
  const slots = useQuery({
    ...openSlotsQuery({ ...times, from, to: addDays(from, DAYS_SHOWN - 1) }),
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
    <QueryView
      query={slots}
      loading={
        <Skeleton kind="day" count={DAYS_SHOWN}>
          <Trans>Loading times…</Trans>
        </Skeleton>
      }
    >
      {(open) => (
        <>
          <p role="status" className={isFiltered ? 'text-body-secondary' : 'visually-hidden'}>
            {isFiltered && open.length > 0 && (
              <Plural
                value={open.length}
                one="# time matches your filters."
                other="# times match your filters."
              />
            )}
          </p>
          {open.length === 0 ? (
            <Suspense fallback={<Loading />}>
              <NoTimes {...props} />
            </Suspense>
          ) : (
            <form onSubmit={submit} noValidate>
              <ErrorList errors={missing} attempts={attempts} />
              {taken && <TimeTakenNotice slot={taken} />}
              {'doctors' in doctorChoice ? (
                <Suspense fallback={<Loading />}>
                  <SideBySide
                    doctors={doctorChoice.doctors}
                    from={from}
                    slots={open}
                    chosen={chosen?.id ?? null}
                    choose={choose}
                  />
                </Suspense>
              ) : (
                <WeekTimes from={from} slots={open} chosen={chosen?.id ?? null} choose={choose} />
              )}
              {pager}
              <div className="mt-4">
                <WaitingListLink target={{ ...waitingListTarget(doctorChoice), visitType, from }}>
                  <Trans>If none of these times suit you:</Trans>
                </WaitingListLink>
              </div>
              <ContinueBar chosen={withDoctorName(chosen, doctorChoice)} />
            </form>
          )}
        </>
      )}
    </QueryView>
  );
}

/** Side by side, the slots do not name their doctors. */
function withDoctorName(slot: Slot | null, choice: DoctorChoice): Slot | null {
  if (!slot || !('doctors' in choice)) return slot;
  const doctor = choice.doctors.find(({ id }) => id === slot.doctor);
  return doctor ? { ...slot, doctor_name: doctor.display_name } : slot;
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
