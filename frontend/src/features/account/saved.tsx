import { Trans } from '@lingui/react/macro';
import { useLayoutEffect, useRef } from 'react';

/** Takes the focus each time something was saved, so that it is seen and heard. */
export function Saved({ times }: { times: number }) {
  const box = useRef<HTMLParagraphElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every saving is announced
  useLayoutEffect(() => box.current?.focus(), [times]);
  return (
    <p ref={box} tabIndex={-1} role="status" className="notice notice-success">
      <Trans>Your details are saved.</Trans>
    </p>
  );
}
