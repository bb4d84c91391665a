import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { User } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { returnPath } from '@/shared/paths/return-path';
import { deleteDraft, readDraft, saveDraft } from '@/shared/session/draft';
import { useUser } from '@/shared/session/get-user';
import { StaffNotice } from '@/shared/session/staff-notice';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { type ProfileForm, profileSchema, toForm } from './profile-form';
import {
  ContactFields,
  EmergencyFields,
  InsuranceFields,
  MedicalFields,
  PersonalFields,
} from './profile-sections';
import { SavedNotice } from './saved-notice';
import { useUpdateProfile } from './update-profile';

export function ProfilePage() {
  const { t } = useLingui();
  return (
    <QueryView page query={useUser()} loading={t`Loading your details…`}>
      {(user) => (user.role === 'patient' ? <Profile user={user} /> : <StaffNotice />)}
    </QueryView>
  );
}

function Profile({ user }: { user: User }) {
  const { t } = useLingui();
  const clinic = useClinic();
  const language = clinic.patient_languages.length > 1 ? clinic.locale.slice(0, 2) : '';
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const [saveCount, setSaveCount] = useState(0);
  const update = useUpdateProfile();
  const { form, submit } = useApiForm<ProfileForm>({
    schema: profileSchema,
    defaults: { ...toForm(user, language), ...readDraft<ProfileForm>('profile') },
    save: async (values) => {
      // The draft survives if the session expires before the server has saved the values.
      saveDraft('profile', values);
      await update.mutateAsync(values);
      deleteDraft('profile');
      const next = returnPath(params);
      // A page in another language is another page of the server.
      if (values.language !== language) window.location.assign(next ?? '/profile?saved');
      else if (next) navigate(next);
      else setSaveCount(saveCount + 1);
    },
  });
  return (
    <div className="form-page">
      <PageHeading title={t`My details`} />
      <p className="text-body-secondary">
        {clinic.desk_sees_clinical ? (
          <Trans>Only you, your doctors and the clinic’s staff can see these details.</Trans>
        ) : (
          <Trans>
            Only you, your doctors and the clinic’s staff can see these details. Only you and your doctors can
            see what you write about your health.
          </Trans>
        )}
      </p>
      {saveCount > 0 && <SavedNotice saveCount={saveCount} />}
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <PersonalFields form={form} />
        <ContactFields
          form={form}
          email={user.email}
          confirmed={Boolean(user.email_verified_at)}
          hasTexts={user.sms_available}
        />
        <MedicalFields form={form} />
        <EmergencyFields form={form} />
        <InsuranceFields form={form} />
        <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Saving…`}>
          <Trans>Save</Trans>
        </SubmitButton>
      </form>
      <hr className="my-4" />
      <ul className="list-unstyled link-list mb-0">
        <li>
          <Link to="/profile/people">
            <Trans>People I care for</Trans>
          </Link>
        </li>
        <li>
          <Link to="/profile/notifications">
            <Trans>Notifications</Trans>
          </Link>
        </li>
        <li>
          <Link to="/profile/calendar">
            <Trans>Add appointments to your calendar</Trans>
          </Link>
        </li>
        <li>
          <Link to="/profile/data">
            <Trans>My data</Trans>
          </Link>
        </li>
        <li>
          <Link to="/profile/sessions">
            <Trans>Your signed-in devices</Trans>
          </Link>
        </li>
        <li>
          <Link to="/profile/email">
            <Trans>Change your email address</Trans>
          </Link>
        </li>
        <li>
          <Link to="/profile/password">
            {user.has_password ? <Trans>Change your password</Trans> : <Trans>Choose a password</Trans>}
          </Link>
        </li>
        <li>
          <Link to="/profile/second-step">
            <Trans>Two-step sign-in</Trans>
          </Link>
        </li>
      </ul>
    </div>
  );
}
