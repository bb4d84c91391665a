import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import * as z from 'zod/mini';
import type { Invitation } from '@/gen';
import type { User } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { PasswordField } from '@/shared/forms/password-field';
import { secret } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { useAcceptInvitation } from './accept-invitation';
import { useInvitation } from './get-invitation';
import { homePath } from './home-path';
import { type RequiredSecondFactor, requiredSecondFactor } from './second-factor/required-second-factor';
import { SecondFactorStep } from './second-factor/second-factor-step';

/** The page of an emailed invitation: a new member of staff chooses a password. */
export function InvitationPage() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const token = params.get('token') ?? '';
  const [secondFactor, setSecondFactor] = useState<RequiredSecondFactor | null>(null);
  const query = useInvitation(token);
  const openHomePage = (user: Pick<User, 'role'>) => navigate(homePath(user), { replace: true });
  if (!token) return <IncompleteInvitation />;
  return (
    <div className="form-page">
      {secondFactor ? (
        <SecondFactorStep
          required={secondFactor}
          onSignedIn={openHomePage}
          onRestart={() => navigate('/sign-in')}
        />
      ) : (
        <QueryView page query={query} loading={t`Loading your invitation…`}>
          {(invitation) => (
            <Accept
              invitation={invitation}
              token={token}
              onSignedIn={openHomePage}
              onSecondFactor={setSecondFactor}
            />
          )}
        </QueryView>
      )}
    </div>
  );
}

interface AcceptProps {
  invitation: Invitation;
  token: string;
  onSignedIn: (user: Pick<User, 'role'>) => void;
  onSecondFactor: (secondFactor: RequiredSecondFactor) => void;
}

function Accept({ invitation, token, onSignedIn, onSecondFactor }: AcceptProps) {
  const { t } = useLingui();
  const clinic = useClinic();
  const accept = useAcceptInvitation();
  const { form, submit } = useApiForm({
    schema: () => z.object({ password: secret(t`Choose a password`) }),
    defaults: { password: '' },
    save: async ({ password }) => {
      try {
        onSignedIn((await accept.mutateAsync({ token, password })).user);
      } catch (error) {
        const secondFactor = requiredSecondFactor(error);
        if (!secondFactor) throw error;
        onSecondFactor(secondFactor);
      }
    },
  });
  return (
    <>
      <PageHeading title={t`Create your staff account at ${clinic.name}`} />
      <p>
        <Trans>
          Hello {invitation.first_name}. Choose a password. You will sign in with this password and your email
          address <strong>{invitation.email}</strong>.
        </Trans>
      </p>
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <input type="hidden" autoComplete="username" value={invitation.email} readOnly />
        <PasswordField
          form={form}
          name="password"
          autoComplete="new-password"
          label={t`Choose a password`}
          hint={t`At least 10 characters. Three or more random words are strong and easy to remember.`}
        />
        <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Creating account…`}>
          <Trans>Create account</Trans>
        </SubmitButton>
      </form>
    </>
  );
}

function IncompleteInvitation() {
  const { t } = useLingui();
  return (
    <div className="form-page">
      <PageHeading title={t`This link is incomplete`} />
      <p>
        <Trans>
          Check that you have copied the whole link from the email, or ask the clinic for a new invitation.
        </Trans>
      </p>
      <CallTheClinic />
    </div>
  );
}
