import { Trans, useLingui } from '@lingui/react/macro';
import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Doctor, Slot } from '@/shared/api/types';
import { Problems } from '@/shared/forms/error-summary';
import { useSignedIn } from '@/shared/session/use-session';
import { PageHeading } from '@/shared/ui/page-heading';
import { SummaryList } from '@/shared/ui/summary-list';
import { keepBookingDraft } from './booking-draft';
import { ReasonField } from './reason-field';
import { SlotPage } from './slot-page';
import { SlotRows } from './slot-rows';
import { stepPath } from './use-slot';
import { ME, useDependants, WHO_FOR, WhoFor } from './who-for';

export function DetailsPage() {
  return <SlotPage step="details">{(slot, doctor) => <Details slot={slot} doctor={doctor} />}</SlotPage>;
}

function Details({ slot, doctor }: { slot: Slot; doctor: Doctor }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const signedIn = useSignedIn();
  const dependants = useDependants();
  const [tries, setTries] = useState(0);
  const error = tries > 0 ? t`Say who the appointment is for` : null;
  const goOn = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    keepBookingDraft({ reason: String(given.get('reason')).trim() });
    const patient = given.get(WHO_FOR);
    if (dependants.length > 0 && !patient) return setTries(tries + 1);
    if (patient) keepBookingDraft({ patient: patient === ME ? null : String(patient) });
    navigate(stepPath('check', slot));
  };
  return (
    <div className="narrow">
      <PageHeading title={t`Your appointment`} />
      <Problems problems={error ? [{ field: WHO_FOR, message: error }] : []} tries={tries} />
      <SummaryList>
        <SlotRows slot={slot} doctor={doctor} />
      </SummaryList>
      <form onSubmit={goOn}>
        {dependants.length > 0 && (
          <WhoFor dependants={dependants} error={error} here={stepPath('details', slot)} />
        )}
        <ReasonField />
        <button type="submit" className="btn btn-primary btn-lg">
          <Trans>Continue</Trans>
        </button>
        {!signedIn && (
          <p className="mt-3 text-body-secondary">
            <Trans>Next you sign in or register, and then confirm.</Trans>
          </p>
        )}
      </form>
    </div>
  );
}
