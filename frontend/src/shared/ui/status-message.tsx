import { useFocusOn } from './use-focus-on';

/** What was just done; takes the focus, as what had it is gone. */
export function Said({ what }: { what: { words: string } }) {
  const box = useFocusOn<HTMLParagraphElement>(what); // the same words said again are said again
  return (
    <p ref={box} role="status" tabIndex={-1} className="notice notice-success">
      {what.words}
    </p>
  );
}
