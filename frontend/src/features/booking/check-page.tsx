import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Navigate, useNavigate, useParams } from 'react-router';
import { isApiError } from '@/shared/api/api-error';
import type { Dependant, User } from '@/shared/api/types';
import { stepPath } from '@/shared/paths/booking-paths';
import { dependantsQuery } from '@/shared/session/dependants';
import { useUser } from '@/shared/session/get-user';
import { NotAPatient } from '@/shared/session/staff-notice';
import { alternativesOf } from '@/shared/time-picker/slot-taken';
import { QueryView } from '@/shared/ui/query-view';
import { answersTo, unanswered } from '@/shared/visit-types/answers';
import { readBookingDraft } from './booking-draft';
import { CheckAnswers } from './check-answers';
import { type Plan, SlotPage } from './slot-page';
import { TakenStep } from './slot-taken-step';
import { useConfirm } from './use-confirm';
import { useHold } from './use-hold';

export function CheckPage() {
  const { t } = useLingui();
  const { slotId } = useParams();
  return (
    <QueryView page query={useUser()} loading={t`Looking up your details…`}>
      {(user) =>
        user.role === 'patient' ? <CheckForWhom key={slotId} user={user} /> : <NotAPatient user={user} />
      }
    </QueryView>
  );
}

function CheckForWhom({ user }: { user: User }) {
  const { t } = useLingui();
  return (
    <QueryView page query={useQuery(dependantsQuery())} loading={t`Looking up your details…`}>
      {(dependants) => (
        <SlotPage step="check">
          {(plan) => <Check plan={plan} user={user} dependants={dependants} />}
        </SlotPage>
      )}
    </QueryView>
  );
}

interface CheckProps {
  plan: Plan;
  user: User;
  dependants: Dependant[];
}

function Check({ plan, user, dependants }: CheckProps) {
  const { slot, doctor, visitType } = plan;
  const navigate = useNavigate();
  const [draft] = useState(readBookingDraft);
  const { confirm, progress, error } = useConfirm();
  const reason = draft.reason.trim();
  const chosen = draft.patient;
  const answers = answersTo(visitType, draft.answers);
  const dependant = dependants.find(({ id }) => id === chosen) ?? null;
  const patient = dependant?.id ?? null;
  // Who signed in on the way here was not asked yet; whom somebody else chose is nobody to this person.
  const unasked = dependants.length > 0 && (chosen === undefined || (chosen && !dependant));
  const unready = unasked || unanswered(visitType, answers).length > 0;
  const hold = useHold({ slot, visitType: visitType?.id ?? null, patient }, { enabled: !unready });
  const book = async () => {
    const order = { slot, take: hold.take, visitType: visitType?.id, reason, answers, patient };
    const booking = await confirm(order);
    if (booking) navigate(`/appointments/${booking.id}?booked`, { replace: true });
  };
  if (unready) return <Navigate replace to={stepPath('details', slot, visitType?.id)} />;
  const taken = isApiError(error, 'slot_taken') ? error : hold.taken;
  if (taken && progress === 'idle')
    return (
      <TakenStep
        step="check"
        doctorId={doctor.id}
        visitType={visitType?.id}
        alternatives={alternativesOf(taken)}
      />
    );
  return (
    <CheckAnswers
      {...{ plan, user, reason, answers, progress, hold }}
      error={error ?? hold.refusal}
      patient={dependant?.name ?? null}
      choice={dependants.length > 0}
      confirm={book}
    />
  );
}
