interface Place {
  pathname: string;
  search: string;
}

function withReturn(page: string, { pathname, search }: Place): string {
  return `${page}?next=${encodeURIComponent(pathname + search)}`;
}

export const signInPath = (place: Place) => withReturn('/sign-in', place);

/** Where to go on: only a path on this site, so that a link cannot send people elsewhere. */
export function returnPath(search: URLSearchParams): string | null {
  const next = search.get('next');
  return next && /^\/(?![/\\])/.test(next) ? next : null;
}
