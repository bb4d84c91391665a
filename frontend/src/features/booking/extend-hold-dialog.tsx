import { Trans } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import type { Holding } from './use-hold';

interface KeepDialogProps {
  until: string;
  hold: Holding;
  others: string;
  close: () => void;
}

/** Asks shortly before the end, whatever somebody is doing; closed without an answer, the hold just ends. */
export function KeepDialog({ until, hold, others, close }: KeepDialogProps) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  const keep = () => {
    close();
    hold.again();
  };
  return (
    <dialog ref={box} className="dialog" aria-labelledby="keep" onCancel={close}>
      <h2 id="keep" className="h4">
        <Trans>Keep it?</Trans>
      </h2>
      <p>
        <Trans>We’re holding your time until {until}. After that somebody else can take it.</Trans>
      </p>
      <div className="actions mb-0">
        <button type="button" className="btn btn-primary" onClick={keep}>
          <Trans>Keep this time</Trans>
        </button>
        <Link className="btn btn-outline-primary" to={others}>
          <Trans>Choose another time</Trans>
        </Link>
      </div>
    </dialog>
  );
}
