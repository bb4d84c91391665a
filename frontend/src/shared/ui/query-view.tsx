import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorMessage, ErrorPage } from './error-message';
import { Loading } from './loading';

interface QueryViewProps<T> {
  query: UseQueryResult<T>;
  /** The query fills the whole page: an error gets a heading. */
  page?: boolean;
  loading?: ReactNode;
  children: (data: T) => ReactNode;
}

/** Renders the data of a query, even if a refetch fails. Otherwise shows that it is loading or the error. */
export function QueryView<T>({ query, page = false, loading, children }: QueryViewProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (!query.isError) return <Loading>{loading}</Loading>;
  const Failure = page ? ErrorPage : ErrorMessage;
  return <Failure error={query.error} retry={query.refetch} />;
}
