import { useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { isApiError } from '@/shared/api/api-error';
import type { Slot, User } from '@/shared/api/types';
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
      {(user) => (user.role === 'patient' ? <Check key={slotId} user={user} /> : <NotAPatient user={user} />)}
    </QueryView>
  );
}

function Check({ user }: { user: User }) {
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const [{ reason }] = useState(readBookingDraft);
  const { confirm, progress, error } = useConfirm(reason);
  const book = async (slot: Slot) => {
    const booking = await confirm(slot);
    if (booking) navigate(`/appointments/${booking.id}?booked`, { replace: true });
  };
  if (isApiError(error, 'slot_taken')) {
    const { alternatives = [] } = (error.data ?? {}) as { alternatives?: Slot[] };
    return <Taken doctorId={params.get('doctor') ?? ''} alternatives={alternatives} step="check" />;
  }
  return (
    <SlotPage step="check">
      {(slot, doctor) => (
        <CheckAnswers {...{ slot, doctor, user, reason, progress, error }} confirm={() => book(slot)} />
      )}
    </SlotPage>
  );
}
