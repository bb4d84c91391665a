import type { CSSProperties } from 'react';
import { type Bounds, clip } from './layout';

/** The place of a period in its column, for the style sheet. */
export function position(span: { minute: number; end_minute: number }, bounds: Bounds): CSSProperties {
  const { minute, end_minute } = clip(span, bounds);
  return { '--start': minute - bounds.from, '--length': Math.max(end_minute - minute, 0) } as CSSProperties;
}
