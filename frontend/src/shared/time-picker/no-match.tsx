import { Trans } from '@lingui/react/macro';
import { Link, useSearchParams } from 'react-router';
import { shortDate } from '@/shared/times/format';
import { ClearFilters } from './time-filters';
import { weekPath } from './week';

interface NoMatchProps {
  /** The nearest day with times that match. */
  next: string | undefined;
  from: string;
  /** The first day with times if there were no filters. */
  unfiltered: string | undefined;
}

/** Says that the filters match no times, what to change, and the nearest day with times. */
export function NoMatch({ next, from, unfiltered }: NoMatchProps) {
  const [params] = useSearchParams();
  if (next) {
    const link = <Link to={weekPath(params, next)}>{<Trans>Go to this day</Trans>}</Link>;
    return (
      <p>
        {next >= from ? (
          <Trans>No times match your filters until {shortDate(next)}.</Trans>
        ) : (
          <Trans>No times on these days match your filters. The first one is on {shortDate(next)}.</Trans>
        )}{' '}
        {link}
      </p>
    );
  }
  return (
    <p>
      <Trans>No times match your filters. Change a filter, or clear them.</Trans>{' '}
      {unfiltered && (
        <>
          <Trans>Without filters, the first available time is on {shortDate(unfiltered)}.</Trans>{' '}
        </>
      )}
      <ClearFilters />
    </p>
  );
}
