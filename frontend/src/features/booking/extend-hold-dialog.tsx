import { Trans } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import type { HoldState } from './use-hold';

interface ExtendHoldDialogProps {
  until: string;
  hold: HoldState;
  otherTimesPath: string;
  close: () => void;
}

/** Asks shortly before the hold expires whether to extend it. If closed, the hold expires. */
export function ExtendHoldDialog({ until, hold, otherTimesPath, close }: ExtendHoldDialogProps) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  const extend = () => {
    close();
    hold.extend();
  };
  return (
    <dialog ref={box} className="dialog" aria-labelledby="keep" onCancel={close}>
      <h2 id="keep" className="h4">
        <Trans>Do you need more time?</Trans>
      </h2>
      <p>
        <Trans>We are holding this time until {until}. After that, someone else can book it.</Trans>
      </p>
      <div className="actions mb-0">
        <button type="button" className="btn btn-primary" onClick={extend}>
          <Trans>Yes, keep this time</Trans>
        </button>
        <Link className="btn btn-outline-primary" to={otherTimesPath}>
          <Trans>Choose another time</Trans>
        </Link>
      </div>
    </dialog>
  );
}
