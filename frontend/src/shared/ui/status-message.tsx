import { useFocusOn } from './use-focus-on';

/** Says what was just done. Takes the focus, because the element that had it was removed. */
export function StatusMessage({ status }: { status: { text: string } }) {
  const box = useFocusOn<HTMLParagraphElement>(status); // a new object, so that the same text is announced again
  return (
    <p ref={box} role="status" tabIndex={-1} className="notice notice-success">
      {status.text}
    </p>
  );
}
