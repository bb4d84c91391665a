import type { ReactNode } from 'react';

interface SkeletonProps {
  kind: 'card' | 'row' | 'day';
  /** How many items the list will usually have. */
  count: number;
  /** The text for screen readers. */
  children: ReactNode;
}

/** Stands in for a list that is loading, in the size of its items. */
export function Skeleton({ kind, count, children }: SkeletonProps) {
  return (
    <>
      <span className="visually-hidden">{children}</span>
      <span className={`skeleton skeleton-${kind}s`} aria-hidden="true">
        {Array.from({ length: count }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
          <span key={index} className={`skeleton-${kind}`}>
            <span className="skeleton-line" />
            <span className="skeleton-line" />
          </span>
        ))}
      </span>
    </>
  );
}
