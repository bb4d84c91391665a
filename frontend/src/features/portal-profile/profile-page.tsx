import { Trans, useLingui } from '@lingui/react/macro';
import { type FormEvent, useState } from 'react';
import { Link } from 'react-router';
import type { DoctorProfile } from '@/gen';
import { useUser } from '@/shared/session/get-user';
import { useAnnounce } from '@/shared/staff/announcements';
import { ErrorMessage } from '@/shared/ui/error-message';
import { specialtyNames } from '@/shared/ui/labels';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { SummaryList, SummaryRow } from '@/shared/ui/summary-list';
import { BookableCard } from './bookable-form';
import { Languages } from './languages';
import { Photo } from './photo';
import { doctorProfile, type ProfileChanges, useChangeProfile } from './profile';

/** A doctor's public profile, and what can be booked with them. */
export function ProfilePage() {
  const { t } = useLingui();
  return (
    <QueryView page query={useUser()} loading={t`Loading your profile…`}>
      {(user) => {
        const profile = doctorProfile(user);
        return profile ? <Profile profile={profile} /> : <NoProfile />;
      }}
    </QueryView>
  );
}

function NoProfile() {
  const { t } = useLingui();
  return (
    <div className="portal-narrow">
      <PageHeading title={t`Profile`} />
      <p>
        <Trans>Only doctors have a public page. Your own details are under Settings.</Trans>
      </p>
      <Link to="/portal/settings">
        <Trans>Settings</Trans>
      </Link>
    </div>
  );
}

function Profile({ profile }: { profile: DoctorProfile }) {
  const { t } = useLingui();
  return (
    <div className="portal-narrow">
      <PageHeading title={t`Profile`} />
      <p>
        <Link to={`/doctors/${profile.id}`} target="_blank">
          <Trans>
            See your public page<span className="visually-hidden"> (opens in a new tab)</span>
          </Trans>
        </Link>
      </p>
      <Photo profile={profile} />
      <ProfileForm profile={profile} />
      <BookableCard />
      <SetByClinic profile={profile} />
    </div>
  );
}

function ProfileForm({ profile }: { profile: DoctorProfile }) {
  const { t } = useLingui();
  const [values, setValues] = useState<ProfileChanges>({
    bio: profile.bio ?? '',
    languages: profile.languages ?? [],
  });
  const change = useChangeProfile();
  const announce = useAnnounce();
  const set = (changes: Partial<ProfileChanges>) => setValues({ ...values, ...changes });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!change.isPending) change.mutate(values, { onSuccess: () => announce({ text: t`Profile saved` }) });
  };
  return (
    <form className="portal-card" onSubmit={submit}>
      {change.isError && <ErrorMessage error={change.error} />}
      <div className="field">
        <label htmlFor="bio" className="form-label">
          <Trans>About you, for patients</Trans>
        </label>
        <textarea
          id="bio"
          className="form-control"
          rows={6}
          maxLength={2000}
          value={values.bio}
          onChange={(event) => set({ bio: event.target.value })}
        />
      </div>
      <Languages value={values.languages} onChange={(languages) => set({ languages })} />
      <button type="submit" className="btn btn-primary">
        {change.isPending ? <Trans>Saving…</Trans> : <Trans>Save</Trans>}
      </button>
    </form>
  );
}

/** The fields that only an admin can change. */
function SetByClinic({ profile }: { profile: DoctorProfile }) {
  const { t } = useLingui();
  return (
    <section className="portal-card" aria-labelledby="set-by-clinic">
      <h2 id="set-by-clinic" className="h5">
        <Trans>Set by the clinic</Trans>
      </h2>
      <SummaryList>
        <SummaryRow label={t`Name`}>{profile.display_name}</SummaryRow>
        <SummaryRow label={t`Specialties`}>{specialtyNames(profile.specialties) || t`None`}</SummaryRow>
        <SummaryRow label={t`Years of experience`}>{profile.years_of_experience}</SummaryRow>
        <SummaryRow label={t`Licence number`}>{profile.licence_number || t`None`}</SummaryRow>
      </SummaryList>
      <p className="form-text mb-0">
        <Trans>Ask a clinic admin to change these.</Trans>
      </p>
    </section>
  );
}
