import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Navigate, useLocation, useNavigate, useParams, useSearchParams } from 'react-router';
import { isApiError } from '@/shared/api/api-error';
import type { Dependant, Slot, User } from '@/shared/api/types';
import { dependantsQuery } from '@/shared/session/dependants';
import { useUser } from '@/shared/session/get-user';
import { NotAPatient } from '@/shared/session/not-a-patient';
import { QueryView } from '@/shared/ui/query-view';
import { readBookingDraft } from './booking-draft';
import { CheckAnswers } from './check-answers';
import { SlotPage } from './slot-page';
import { Taken } from './taken';
import { useConfirm } from './use-confirm';

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
      {(dependants) => <Check user={user} dependants={dependants} />}
    </QueryView>
  );
}

function Check({ user, dependants }: { user: User; dependants: Dependant[] }) {
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const { pathname, search } = useLocation();
  const [{ reason, patient: chosen }] = useState(readBookingDraft);
  const dependant = dependants.find(({ id }) => id === chosen) ?? null;
  const { confirm, progress, error } = useConfirm(reason, dependant?.id ?? null);
  const book = async (slot: Slot) => {
    const booking = await confirm(slot);
    if (booking) navigate(`/appointments/${booking.id}?booked`, { replace: true });
  };
  // Who signed in on the way here was not asked yet; whom somebody else chose is nobody to this person.
  const unasked = dependants.length > 0 && (chosen === undefined || (chosen && !dependant));
  if (unasked) return <Navigate replace to={pathname.replace(/\/check$/, '') + search} />;
  if (isApiError(error, 'slot_taken')) {
    const { alternatives = [] } = (error.data ?? {}) as { alternatives?: Slot[] };
    return <Taken doctorId={params.get('doctor') ?? ''} alternatives={alternatives} step="check" />;
  }
  return (
    <SlotPage step="check">
      {(slot, doctor) => (
        <CheckAnswers
          {...{ slot, doctor, user, reason, progress, error }}
          patient={dependant?.name ?? null}
          choice={dependants.length > 0}
          confirm={() => book(slot)}
        />
      )}
    </SlotPage>
  );
}
