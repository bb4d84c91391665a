import { Trans, useLingui } from '@lingui/react/macro';
import { type ChangeEvent, useRef, useState } from 'react';
import type { DoctorProfile } from '@/gen';
import { isApiError } from '@/shared/api/api-error';
import { useAnnounce } from '@/shared/staff/announcements';
import { Avatar } from '@/shared/ui/avatar';
import { errorText } from '@/shared/ui/error-text';
import { MAX_PHOTO_BYTES, useChangePhoto } from './profile';

/** The photo on the public page, with a way to change and remove it. */
export function Photo({ profile }: { profile: DoctorProfile }) {
  const { t } = useLingui();
  const change = useChangePhoto();
  const announce = useAnnounce();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState('');
  const send = (file: File | null) => {
    setProblem('');
    change.mutate(file, {
      onSuccess: () => announce({ text: file ? t`Photo saved` : t`Photo removed` }),
      onError: (error) => {
        const [message] = isApiError(error) ? (error.errors.photo ?? []) : [];
        setProblem(message ?? errorText(error));
      },
      onSettled: () => {
        if (input.current) input.current.value = ''; // so that the same file can be chosen again
      },
    });
  };
  const choose = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0];
    if (!file) return;
    if (file.size <= MAX_PHOTO_BYTES) send(file);
    else setProblem(t`This picture is larger than 5 MB. Choose a smaller one.`);
  };
  return (
    <section className="portal-card profile-photo" aria-labelledby="photo-title">
      <Avatar name={profile.name} photo={profile.photo} large />
      <div>
        <h2 id="photo-title">
          <Trans>Photo</Trans>
        </h2>
        <label htmlFor="photo" className="form-label">
          <Trans>Choose a picture</Trans>
        </label>
        <p id="photo-hint" className="form-text">
          <Trans>JPEG, PNG or WebP, up to 5 MB. Patients see the middle of it, in a circle.</Trans>
        </p>
        {problem && (
          <p id="photo-error" role="alert" className="field-error">
            {problem}
          </p>
        )}
        <input
          ref={input}
          id="photo"
          type="file"
          className="form-control"
          accept="image/jpeg,image/png,image/webp"
          aria-describedby={problem ? 'photo-hint photo-error' : 'photo-hint'}
          aria-invalid={problem ? true : undefined}
          onChange={choose}
        />
        {change.isPending && (
          <p role="status">
            <Trans>Saving the photo…</Trans>
          </p>
        )}
        {profile.photo && (
          <button type="button" className="btn btn-outline-primary mt-2" onClick={() => send(null)}>
            <Trans>Remove the photo</Trans>
          </button>
        )}
      </div>
    </section>
  );
}
