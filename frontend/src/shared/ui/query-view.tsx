import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Problem, ProblemPage } from './error-message';
import { Loading } from './loading';

interface QueryViewProps<T> {
  query: UseQueryResult<T>;
  /** The query is the whole page: its failure gets the page's heading. */
  page?: boolean;
  loading?: ReactNode;
  children: (data: T) => ReactNode;
}

/** What a query has to show: its data, even while a refresh fails; else that it loads or why it failed. */
export function QueryView<T>({ query, page = false, loading, children }: QueryViewProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (!query.isError) return <Loading>{loading}</Loading>;
  const Failure = page ? ProblemPage : Problem;
  return <Failure error={query.error} retry={query.refetch} />;
}
