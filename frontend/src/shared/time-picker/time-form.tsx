import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { openSlotsQuery } from '@/shared/api/list-open-slots';
import type { Slot } from '@/shared/api/types';
import { Problems } from '@/shared/forms/error-summary';
import { OnYourClock } from '@/shared/times/appointment-time';
import { addDays } from '@/shared/times/dates';
import { dayName, shortMoment, timeOf } from '@/shared/times/format';
import { QueryView } from '@/shared/ui/query-view';
import { timesOf, type Whose, wishOf } from './doctor-choice';
import { NoTimes } from './no-times';
import { useChosenSlot } from './use-chosen-slot';
import { JoinWaitingList } from './waiting-list-link';
import { DAYS_SHOWN } from './week';
import { WeekTimes } from './week-times';

interface ChooseTimeProps {
  whose: Whose;
  from: string;
  visitType: string | undefined;
  goOn: (slot: Slot) => void;
}

export function ChooseTime({ whose, from, visitType, goOn }: ChooseTimeProps) {
  const { t } = useLingui();
  const [tries, setTries] = useState(0);
  const slots = useQuery(
    openSlotsQuery({ ...timesOf(whose), from, to: addDays(from, DAYS_SHOWN - 1), visit_type: visitType }),
  );
  const { chosen, gone, choose } = useChosenSlot(slots.data);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen) goOn(chosen);
    else setTries(tries + 1);
  };
  const first = slots.data?.[0]?.id ?? '';
  const missing = tries > 0 && !chosen ? [{ field: first, message: t`Choose a time` }] : [];
  return (
    <QueryView query={slots} loading={t`Looking for times…`}>
      {(open) =>
        open.length === 0 ? (
          <NoTimes whose={whose} from={from} visitType={visitType} />
        ) : (
          <form onSubmit={submit} noValidate>
            <Problems problems={missing} tries={tries} />
            {gone && <Gone slot={gone} />}
            <WeekTimes from={from} slots={open} chosen={chosen?.id ?? null} choose={choose} />
            <div className="mt-4">
              <JoinWaitingList wanted={{ ...wishOf(whose), visitType, from }} />
            </div>
            <ContinueBar chosen={chosen} />
          </form>
        )
      }
    </QueryView>
  );
}

function Gone({ slot }: { slot: Slot }) {
  return (
    <div role="alert" className="notice notice-warning">
      <p className="mb-0">
        <Trans>
          {timeOf(slot)} on {dayName(slot.local_date)} has just been taken. Choose another time.
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
            <strong>{shortMoment(chosen)}</strong>, {chosen.tz_label}
            {chosen.doctor_name && `, ${chosen.doctor_name}`}
            <OnYourClock moment={chosen} />
          </>
        ) : (
          <Trans>No time chosen yet</Trans>
        )}
      </p>
      <button type="submit" className="btn btn-primary btn-lg">
        <Trans>Continue</Trans>
      </button>
    </div>
  );
}
