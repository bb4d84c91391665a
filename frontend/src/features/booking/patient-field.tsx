import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Dependant } from '@/shared/api/types';
import { Choice } from '@/shared/forms/choice';
import { dependantsQuery } from '@/shared/session/dependants';
import { useUser } from '@/shared/session/get-user';
import { keepBookingDraft, readBookingDraft } from './booking-draft';

export const WHO_FOR = 'who-for';
export const ME = 'me';

/** Those a person may book for beside themselves; nobody while it is not known. */
export function useDependants(): Dependant[] {
  const { data: user } = useUser();
  const { data } = useQuery({ ...dependantsQuery(), enabled: user?.role === 'patient' });
  return data ?? [];
}

interface WhoForProps {
  dependants: Dependant[];
  error: string | undefined;
  /** The address of this step, to come back to. */
  here: string;
}

/** Asked only where there is a choice, and then nothing is chosen beforehand. */
export function WhoFor({ dependants, error, here }: WhoForProps) {
  const { t } = useLingui();
  const { patient } = readBookingDraft();
  const chosen = patient === undefined ? null : (patient ?? ME);
  const choice = (value: string) => ({
    name: WHO_FOR,
    value,
    defaultChecked: chosen === value,
    onChange: () => keepBookingDraft({ patient: value === ME ? null : value }),
  });
  const described = error ? `${WHO_FOR}-error` : undefined;
  return (
    <fieldset className={error ? 'field field-wrong' : 'field'} aria-describedby={described}>
      <legend>
        <Trans>Who is it for?</Trans>
      </legend>
      {error && (
        <p id={`${WHO_FOR}-error`} className="field-error">
          {error}
        </p>
      )}
      <Choice id={WHO_FOR} {...choice(ME)}>
        {t`Me`}
      </Choice>
      {dependants.map(({ id, name }) => (
        <Choice key={id} id={`${WHO_FOR}-${id}`} {...choice(id)}>
          {name}
        </Choice>
      ))}
      <Link className="d-inline-block py-2" to={`/profile/people/new?next=${encodeURIComponent(here)}`}>
        <Trans>Add somebody you care for</Trans>
      </Link>
    </fieldset>
  );
}
