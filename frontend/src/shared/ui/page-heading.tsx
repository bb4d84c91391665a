import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { useLocation } from 'react-router';
import { useClinic } from '@/shared/clinic/clinic-context';

let headed = '';

interface PageHeadingProps {
  /** In words, for the title of the window. */
  title: string;
  /** What to show where it is more than the words. */
  children?: ReactNode;
  className?: string;
}

/** The h1: names the window and takes the focus when somebody comes from another page of the app. */
export function PageHeading({ title, children, className }: PageHeadingProps) {
  const clinic = useClinic();
  const { pathname } = useLocation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – ${clinic.name}`;
  }, [title, clinic.name]);
  // Before anybody could act on the new page while the focus is still nowhere.
  useLayoutEffect(() => {
    const page = `${pathname} ${title}`;
    if (headed && headed !== page) heading.current?.focus({ preventScroll: true });
    headed = page;
  }, [pathname, title]);
  return (
    <h1 ref={heading} tabIndex={-1} className={className}>
      {children ?? title}
    </h1>
  );
}
