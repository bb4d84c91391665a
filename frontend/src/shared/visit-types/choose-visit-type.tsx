import { Trans, useLingui } from '@lingui/react/macro';
import { type FormEvent, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { VisitType } from '@/shared/api/types';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { ErrorList } from '@/shared/forms/error-summary';
import { VISIT_TYPE } from '@/shared/paths/booking-paths';
import { PageHeading } from '@/shared/ui/page-heading';
import { modeLabel } from './visit-facts';
import { VisitTypeCard } from './visit-type-card';

interface ChooseVisitTypeProps {
  types: VisitType[];
  /** The name of the doctor, if already chosen. */
  doctor?: string | undefined;
  /** The page shows the doctor above, so the question is not its title. */
  isPartOfPage?: boolean | undefined;
}

const MODES = ['in_person', 'video', 'phone'];

interface ModesProps {
  modes: string[];
  /** Undefined for all. */
  chosen: string | undefined;
}

/** Links to the visit types of one kind. */
function Modes({ modes, chosen }: ModesProps) {
  const { t } = useLingui();
  const [params] = useSearchParams();
  const pathOf = (mode: string | undefined) => {
    const next = new URLSearchParams(params);
    next.delete('mode');
    if (mode) next.set('mode', mode);
    return `?${next}`;
  };
  return (
    <nav className="views" aria-label={t`Kind of visit`}>
      {[undefined, ...modes].map((mode) => (
        <Link
          key={mode ?? ''}
          className={mode === chosen ? 'view active' : 'view'}
          aria-current={mode === chosen || undefined}
          to={pathOf(mode)}
        >
          {mode ? modeLabel(mode) : t`All`}
        </Link>
      ))}
    </nav>
  );
}

/** The first step if there are several visit types. The choice is stored in the URL. */
export function ChooseVisitType({ types, doctor, isPartOfPage }: ChooseVisitTypeProps) {
  const { t } = useLingui();
  const title = t`What type of visit do you need?`;
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const [attempts, setAttempts] = useState(0);
  const error = attempts > 0 ? t`Select a type of visit` : null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const chosen = new FormData(event.currentTarget).get(VISIT_TYPE);
    if (!chosen) return setAttempts(attempts + 1);
    const next = new URLSearchParams(params);
    next.set(VISIT_TYPE, String(chosen));
    navigate(`?${next}`);
  };
  const modes = MODES.filter((mode) => types.some((type) => type.mode === mode));
  const mode = modes.find((each) => each === params.get('mode'));
  const shown = types.filter((type) => !mode || type.mode === mode);
  const first = shown[0]?.id ?? '';
  return (
    <form className="narrow" onSubmit={submit} noValidate>
      {isPartOfPage ? <h2 className="h4">{title}</h2> : <PageHeading title={title} />}
      {doctor && !isPartOfPage && <p>{doctor}</p>}
      {modes.length > 1 && <Modes modes={modes} chosen={mode} />}
      <ErrorList errors={error ? [{ field: first, message: error }] : []} attempts={attempts} />
      <fieldset
        className={error ? 'field field-invalid' : 'field'}
        aria-describedby={error ? 'visit-type-error' : undefined}
      >
        <legend className="visually-hidden">{title}</legend>
        {error && (
          <p id="visit-type-error" className="field-error">
            {error}
          </p>
        )}
        {shown.map((type) => (
          <VisitTypeCard key={type.id} type={type} />
        ))}
      </fieldset>
      <button type="submit" className="btn btn-primary btn-lg mb-4">
        <Trans>Continue</Trans>
      </button>
      <CallTheClinic />
    </form>
  );
}
