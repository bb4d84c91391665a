import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { VisitType } from '@/shared/api/types';
import { visitFacts } from './visit-facts';

interface ChosenVisitTypeProps {
  visitType: VisitType;
  /** The page for choosing another visit type, if there is one. */
  change: string | null;
}

export function ChosenVisitType({ visitType, change }: ChosenVisitTypeProps) {
  return (
    <p>
      <strong>{visitType.name}</strong> <span className="text-body-secondary">{visitFacts(visitType)}</span>{' '}
      {change && (
        <Link className="text-nowrap change-link" to={change}>
          <Trans>
            Change<span className="visually-hidden"> type of visit</span>
          </Trans>
        </Link>
      )}
    </p>
  );
}
