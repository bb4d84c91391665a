import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import { Choice } from '@/shared/forms/choice';
import { switchShortcuts, useShortcutsAreOn } from '@/shared/staff/shortcuts';
import { isFrontDesk, useStaff } from '@/shared/staff/staff-context';

/** Lists the keyboard shortcuts and lets the user switch them off on this device. */
export function ShortcutsDialog({ close }: { close: () => void }) {
  const { t } = useLingui();
  const staff = useStaff();
  const on = useShortcutsAreOn();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  const keys: [string, string][] = [
    ...(isFrontDesk(staff) ? [['n', t`New booking`] as [string, string]] : []),
    ['d', t`Calendar: day`],
    ['w', t`Calendar: week`],
    ['l', t`Calendar: list`],
    ['t', t`Calendar: today`],
    ['← →', t`Calendar: previous and next`],
    ['?', t`Show these shortcuts`],
  ];
  return (
    <dialog ref={box} className="dialog" aria-labelledby="shortcuts" onClose={close}>
      <h2 id="shortcuts" className="h4">
        <Trans>Keyboard shortcuts</Trans>
      </h2>
      <dl className="shortcuts">
        {keys.map(([key, action]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{action}</dd>
          </div>
        ))}
      </dl>
      <Choice
        type="checkbox"
        id="use-shortcuts"
        checked={on}
        onChange={(event) => switchShortcuts(event.target.checked)}
      >
        <Trans>Use shortcuts on this device</Trans>
      </Choice>
      <button type="button" className="btn btn-primary mt-3" onClick={() => box.current?.close()}>
        <Trans>Close</Trans>
      </button>
    </dialog>
  );
}
