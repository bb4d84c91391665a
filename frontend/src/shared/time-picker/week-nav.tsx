import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useSearchParams } from 'react-router';
import { addDays } from '@/shared/times/dates';
import { shortDate } from '@/shared/times/format';
import { DAYS_SHOWN, weekPath } from './week';

interface WeekNavProps {
  from: string;
  today: string;
  /** The last day that can be booked. */
  horizon: string;
}

export function WeekNav({ from, today, horizon }: WeekNavProps) {
  const { t } = useLingui();
  const [params] = useSearchParams();
  const next = addDays(from, DAYS_SHOWN);
  const before = addDays(from, -DAYS_SHOWN);
  const previous = before < today ? today : before;
  return (
    <nav aria-label={t`Weeks`} className="week-nav">
      {from > today ? (
        <Link className="btn btn-outline-primary" to={weekPath(params, previous)}>
          <span aria-hidden="true" className="arrow-start" /> <Trans>Earlier</Trans>
        </Link>
      ) : (
        <span />
      )}
      <p className="week-range">
        <span className="text-nowrap">{shortDate(from)} –</span>{' '}
        <span className="text-nowrap">{shortDate(addDays(from, DAYS_SHOWN - 1))}</span>
      </p>
      {next <= horizon ? (
        <Link className="btn btn-outline-primary" to={weekPath(params, next)}>
          <Trans>Later</Trans> <span aria-hidden="true" className="arrow-end" />
        </Link>
      ) : (
        <span />
      )}
    </nav>
  );
}
