import { Trans } from '@lingui/react/macro';
import type { VisitType } from '@/shared/api/types';
import { VISIT_TYPE } from '@/shared/paths/booking-paths';
import { visitFacts } from './visit-facts';

/** A radio button. Its name is the visit type; the facts are its description. */
export function VisitTypeCard({ type }: { type: VisitType }) {
  const { id, name, description } = type;
  return (
    <div className="visit-type">
      <input
        type="radio"
        id={id}
        name={VISIT_TYPE}
        value={id}
        aria-labelledby={`${id}-name`}
        aria-describedby={`${id}-facts`}
      />
      <label htmlFor={id}>
        <strong id={`${id}-name`} className="d-block">
          {name}
        </strong>
        <span id={`${id}-facts`}>
          <span className="d-block">{visitFacts(type)}</span>{' '}
          {description && <span className="d-block text-body-secondary">{description}</span>}{' '}
          <Conditions type={type} />
        </span>
      </label>
    </div>
  );
}

function Conditions({ type }: { type: VisitType }) {
  return (
    <>
      {type.new_patients_only && (
        <span className="d-block text-body-secondary">
          <Trans>For new patients only.</Trans>
        </span>
      )}
      {type.who_may_book === 'known' && (
        <span className="d-block text-body-secondary">
          <Trans>For existing patients only.</Trans>
        </span>
      )}
      {type.needs_approval && (
        <span className="d-block text-body-secondary">
          <Trans>The clinic must confirm your booking.</Trans>
        </span>
      )}
    </>
  );
}
