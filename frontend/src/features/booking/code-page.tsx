import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link, Navigate, useNavigate } from 'react-router';
import { isApiError } from '@/shared/api/api-error';
import { CodeForm } from '@/shared/email-code/code-form';
import { CodeSent } from '@/shared/email-code/code-sent';
import { useRequestCode, useSignInWithEmailCode } from '@/shared/email-code/email-code';
import { bookingStepPath, timesPath } from '@/shared/paths/booking-paths';
import { signInPath } from '@/shared/paths/return-path';
import { useSignedIn } from '@/shared/session/use-session';
import { errorText } from '@/shared/ui/error-text';
import { PageHeading } from '@/shared/ui/page-heading';
import { HoldNotice } from './hold-notice';
import { deleteNewcomer, readNewcomer } from './newcomer-draft';
import { type PlannedBooking, SlotPage } from './slot-page';
import { SlotRefused } from './slot-refused';
import { StepLayout } from './step-layout';
import { useHold } from './use-hold';

/** The step in which a newcomer enters the code from the email, and so registers or signs in. */
export function CodePage() {
  return <SlotPage step="details">{(plan) => <CodeStep key={plan.slot.id} plan={plan} />}</SlotPage>;
}

function CodeStep({ plan }: { plan: PlannedBooking }) {
  const { slot, doctor, visitType } = plan;
  const { t } = useLingui();
  const signedIn = useSignedIn();
  const [{ email }] = useState(readNewcomer);
  const target = { slot, visitType: visitType?.id ?? null, patient: null };
  // The server has extended the hold to the end of the code's validity.
  const hold = useHold(target, { enabled: !signedIn && Boolean(email), renew: true });
  const detailsPath = bookingStepPath('details', slot, visitType?.id);
  const checkPath = bookingStepPath('check', slot, visitType?.id);
  if (signedIn) return <Navigate replace to={checkPath} />;
  if (!email) return <Navigate replace to={detailsPath} />;
  if (hold.takenError) return <SlotRefused step="details" plan={plan} error={hold.takenError} />;
  return (
    <StepLayout
      current={2}
      back={detailsPath}
      plan={plan}
      place={hold.held?.place}
      head={
        <>
          <PageHeading title={t`Enter the code`} />
          <HoldNotice hold={hold} otherTimesPath={timesPath(doctor.id, visitType?.id, slot)} />
        </>
      }
    >
      <CodeSent email={email} />
      <EnterCode checkPath={checkPath} />
      <Resend email={email} onSent={hold.extend} />
      <p className="mt-4 mb-0">
        <Link to={detailsPath}>
          <Trans>Change your email address</Trans>
        </Link>
      </p>
    </StepLayout>
  );
}

function EnterCode({ checkPath }: { checkPath: string }) {
  const navigate = useNavigate();
  const signIn = useSignInWithEmailCode();
  const enter = async ({ code }: { code: string }) => {
    const { first_name, last_name, phone, date_of_birth } = readNewcomer();
    const more = { ...(phone && { phone }), ...(date_of_birth && { date_of_birth }) };
    try {
      await signIn.mutateAsync({ code, first_name, last_name, ...more });
    } catch (error) {
      if (!isApiError(error, 'second_factor_required')) throw error;
      const state = { secondFactor: error.data };
      navigate(signInPath(checkPath), { state });
      return;
    }
    deleteNewcomer();
    navigate(checkPath, { replace: true });
  };
  return <CodeForm save={enter} />;
}

/** A button that has a new code emailed, and says when that is done. */
function Resend({ email, onSent }: { email: string; onSent: () => void }) {
  const { t } = useLingui();
  const { mutate, isPending, isSuccess, error } = useRequestCode();
  return (
    <div className="mt-4">
      <button
        type="button"
        className="btn btn-outline-primary"
        aria-busy={isPending || undefined}
        onClick={() => mutate(email, { onSuccess: onSent })}
      >
        {isPending ? t`Sending…` : t`Send a new code`}
      </button>
      <div role="status">
        {isSuccess && (
          <p className="mt-2 mb-0">
            <Trans>We have sent you a new code. Use the code from the newest email.</Trans>
          </p>
        )}
      </div>
      {error && (
        <p role="alert" className="field-error mt-2 mb-0">
          {errorText(error)}
        </p>
      )}
    </div>
  );
}
