import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Navigate, useNavigate, useParams } from 'react-router';
import { isApiError } from '@/shared/api/api-error';
import type { Dependant, User } from '@/shared/api/types';
import { bookingStepPath } from '@/shared/paths/booking-paths';
import { dependantsQuery } from '@/shared/session/dependants';
import { useUser } from '@/shared/session/get-user';
import { StaffNotice } from '@/shared/session/staff-notice';
import { QueryView } from '@/shared/ui/query-view';
import { missingAnswers, relevantAnswers } from '@/shared/visit-types/answers';
import { readBookingDraft } from './booking-draft';
import { CheckAnswers } from './check-answers';
import { type PlannedBooking, SlotPage } from './slot-page';
import { SlotRefused } from './slot-refused';
import { useConfirm } from './use-confirm';
import { useHold } from './use-hold';

export function CheckPage() {
  const { t } = useLingui();
  const { slotId } = useParams();
  return (
    <QueryView page query={useUser()} loading={t`Loading your details…`}>
      {(user) =>
        user.role === 'patient' ? <CheckWithDependants key={slotId} user={user} /> : <StaffNotice />
      }
    </QueryView>
  );
}

function CheckWithDependants({ user }: { user: User }) {
  const { t } = useLingui();
  return (
    <QueryView page query={useQuery(dependantsQuery())} loading={t`Loading your details…`}>
      {(dependants) => (
        <SlotPage step="check">
          {(plan) => <Check plan={plan} user={user} dependants={dependants} />}
        </SlotPage>
      )}
    </QueryView>
  );
}

interface CheckProps {
  plan: PlannedBooking;
  user: User;
  dependants: Dependant[];
}

function Check({ plan, user, dependants }: CheckProps) {
  const { slot, visitType } = plan;
  const navigate = useNavigate();
  const [draft] = useState(readBookingDraft);
  const { confirm, progress, error } = useConfirm();
  const reason = draft.reason.trim();
  const chosen = draft.patient;
  const answers = relevantAnswers(visitType, draft.answers);
  const dependant = dependants.find(({ id }) => id === chosen) ?? null;
  const patient = dependant?.id ?? null;
  // A user who signed in after the details step has not chosen yet; another user's choice is invalid.
  const patientMissing = dependants.length > 0 && (chosen === undefined || (chosen && !dependant));
  const incomplete = patientMissing || missingAnswers(visitType, answers).length > 0;
  const hold = useHold({ slot, visitType: visitType?.id ?? null, patient }, { enabled: !incomplete });
  const book = async () => {
    const order = { slot, getHoldId: hold.getHoldId, visitType: visitType?.id, reason, answers, patient };
    const booking = await confirm(order);
    if (booking) navigate(`/appointments/${booking.id}?booked`, { replace: true });
  };
  if (incomplete) return <Navigate replace to={bookingStepPath('details', slot, visitType?.id)} />;
  const takenError = isApiError(error, 'slot_taken', 'time_withdrawn') ? error : hold.takenError;
  if (takenError && progress === 'idle') return <SlotRefused step="check" plan={plan} error={takenError} />;
  return (
    <CheckAnswers
      {...{ plan, user, reason, answers, progress, hold }}
      error={error ?? hold.refusalError}
      patient={dependant?.name ?? null}
      hasDependants={dependants.length > 0}
      confirm={book}
    />
  );
}
