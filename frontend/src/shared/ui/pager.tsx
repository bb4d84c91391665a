import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useSearchParams } from 'react-router';
import type { Page } from '@/shared/api/types';

interface PagerProps {
  page: Page<unknown>;
  size: number;
}

/** Links to the previous and next page. The page number is in the URL. */
export function Pager({ page, size }: PagerProps) {
  const { t } = useLingui();
  const [search] = useSearchParams();
  const current = pageNumber(search);
  const last = Math.max(1, Math.ceil(page.count / size));
  if (last === 1) return null;
  const to = (number: number) => {
    const params = new URLSearchParams(search);
    params.set('page', String(number));
    return { search: params.toString() };
  };
  return (
    <nav aria-label={t`Pages`} className="d-flex flex-wrap align-items-center gap-3 mt-4">
      {page.previous && (
        <Link className="btn btn-outline-primary" to={to(current - 1)}>
          <Trans>Previous page</Trans>
        </Link>
      )}
      <span>
        <Trans>
          Page {current} of {last}
        </Trans>
      </span>
      {page.next && (
        <Link className="btn btn-outline-primary" to={to(current + 1)}>
          <Trans>Next page</Trans>
        </Link>
      )}
    </nav>
  );
}

export function pageNumber(search: URLSearchParams): number {
  return Math.max(1, Number.parseInt(search.get('page') ?? '1', 10) || 1);
}
