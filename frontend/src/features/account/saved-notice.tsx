import { Trans } from '@lingui/react/macro';
import { useFocusOn } from '@/shared/ui/use-focus-on';

/** Takes the focus after every save, so that screen readers announce it. */
export function SavedNotice({ saveCount }: { saveCount: number }) {
  const box = useFocusOn<HTMLParagraphElement>(saveCount);
  return (
    <p ref={box} tabIndex={-1} role="status" className="notice notice-success">
      <Trans>Your details have been saved.</Trans>
    </p>
  );
}
