import { Plural, Trans } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import { useIdleSession } from './use-idle-session';

/** Warns staff before they are signed out because nobody uses the app. */
export function IdleWarning() {
  const { minutesLeft, stay } = useIdleSession();
  return minutesLeft === null ? null : <Warning minutes={minutesLeft} stay={stay} />;
}

function Warning({ minutes, stay }: { minutes: number; stay: () => void }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog ref={box} className="dialog" aria-labelledby="idle" onCancel={stay}>
      <h2 id="idle" className="h4" aria-live="polite">
        <Plural
          value={minutes}
          one="You will be signed out in # minute"
          other="You will be signed out in # minutes"
        />
      </h2>
      <p>
        <Trans>There was no activity for a while. What you have not saved would be lost.</Trans>
      </p>
      <button type="button" className="btn btn-primary" onClick={stay}>
        <Trans>Stay signed in</Trans>
      </button>
    </dialog>
  );
}
