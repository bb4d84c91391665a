import { Trans, useLingui } from '@lingui/react/macro';
import type { FormEvent } from 'react';
import { useNavigate } from 'react-router';
import type { Doctor, Slot } from '@/shared/api/types';
import { useSignedIn } from '@/shared/session/use-session';
import { PageHeading } from '@/shared/ui/page-heading';
import { SummaryList } from '@/shared/ui/summary-list';
import { keepBookingDraft } from './booking-draft';
import { ReasonField } from './reason-field';
import { SlotPage } from './slot-page';
import { SlotRows } from './slot-rows';
import { stepPath } from './use-slot';

export function DetailsPage() {
  return <SlotPage step="details">{(slot, doctor) => <Details slot={slot} doctor={doctor} />}</SlotPage>;
}

function Details({ slot, doctor }: { slot: Slot; doctor: Doctor }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const signedIn = useSignedIn();
  const goOn = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason')).trim();
    keepBookingDraft({ reason });
    navigate(stepPath('check', slot));
  };
  return (
    <div className="narrow">
      <PageHeading title={t`Your appointment`} />
      <SummaryList>
        <SlotRows slot={slot} doctor={doctor} />
      </SummaryList>
      <form onSubmit={goOn}>
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
