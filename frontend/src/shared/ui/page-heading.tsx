import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { useLocation } from 'react-router';
import { useClinic } from '@/shared/clinic/clinic-context';

let lastPage = '';

interface PageHeadingProps {
  /** The heading as plain text, for the document title. */
  title: string;
  /** The heading, if it is more than text. */
  children?: ReactNode;
  className?: string;
  /** What stays the same while one page shows something else, such as another day: then the focus stays. */
  page?: string;
}

/** The h1. Sets the document title and takes the focus after navigation inside the app. */
export function PageHeading({ title, children, className, page }: PageHeadingProps) {
  const clinic = useClinic();
  const { pathname } = useLocation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – ${clinic.name}`;
  }, [title, clinic.name]);
  // A layout effect, so that the focus moves before the user can act.
  useLayoutEffect(() => {
    const here = page ?? `${pathname} ${title}`;
    if (lastPage && lastPage !== here) heading.current?.focus({ preventScroll: true });
    lastPage = here;
  }, [pathname, title, page]);
  return (
    <h1 ref={heading} tabIndex={-1} className={className}>
      {children ?? title}
    </h1>
  );
}
