interface PageLocation {
  pathname: string;
  search: string;
}

function withReturn(page: string, { pathname, search }: PageLocation): string {
  return `${page}?next=${encodeURIComponent(pathname + search)}`;
}

export const signInPath = (place: PageLocation) => withReturn('/sign-in', place);

/** The page to return to. Only paths of this site are allowed, to prevent open redirects. */
export function returnPath(search: URLSearchParams): string | null {
  const next = search.get('next');
  return next && /^\/(?![/\\])/.test(next) ? next : null;
}
