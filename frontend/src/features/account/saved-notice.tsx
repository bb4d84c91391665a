import { Trans } from '@lingui/react/macro';
import { useFocusOn } from '@/shared/ui/use-focus-on';

/** Takes the focus each time something was saved, so that it is seen and heard. */
export function Saved({ times }: { times: number }) {
  const box = useFocusOn<HTMLParagraphElement>(times);
  return (
    <p ref={box} tabIndex={-1} role="status" className="notice notice-success">
      <Trans>Your details are saved.</Trans>
    </p>
  );
}
