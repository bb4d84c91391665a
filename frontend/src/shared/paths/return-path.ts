interface PageLocation {
  pathname: string;
  search: string;
}

/** The URL of the page for signing in, which then leads to the page `next`. */
export function signInPath(next: string | PageLocation): string {
  const path = typeof next === 'string' ? next : next.pathname + next.search;
  return `/sign-in?next=${encodeURIComponent(path)}`;
}

/** The page to return to. Only paths of this site are allowed, to prevent open redirects. */
export function returnPath(search: URLSearchParams): string | null {
  const next = search.get('next');
  return next && /^\/(?![/\\])/.test(next) ? next : null;
}
