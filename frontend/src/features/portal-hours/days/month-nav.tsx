import { useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import { Icon } from '@/shared/staff/icon';
import { addMonths, monthName } from './month';

interface MonthNavProps {
  /** "2026-11" */
  month: string;
  /** The id of the heading. */
  id?: string;
  linkTo: (month: string) => string;
}

/** A month as a heading, between links to the previous and the next one. */
export function MonthNav({ month, id, linkTo }: MonthNavProps) {
  const { t } = useLingui();
  return (
    <nav aria-label={t`Months`} className="week-nav">
      <Link
        className="btn btn-outline-primary"
        aria-label={t`Previous month`}
        to={linkTo(addMonths(month, -1))}
      >
        <Icon name="previous" />
      </Link>
      <h2 id={id} className="week-range">
        {monthName(month)}
      </h2>
      <Link className="btn btn-outline-primary" aria-label={t`Next month`} to={linkTo(addMonths(month, 1))}>
        <Icon name="next" />
      </Link>
    </nav>
  );
}
