import { useLayoutEffect, useRef } from 'react';

/** What was just done; takes the focus, as what had it is gone. */
export function Said({ what }: { what: { words: string } }) {
  const box = useRef<HTMLParagraphElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same words said again are said again
  useLayoutEffect(() => {
    box.current?.focus();
  }, [what]);
  return (
    <p ref={box} role="status" tabIndex={-1} className="notice notice-success">
      {what.words}
    </p>
  );
}
