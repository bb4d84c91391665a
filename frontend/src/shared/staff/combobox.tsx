import {
  type FocusEventHandler,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useState,
} from 'react';
import { Icon } from './icon';

export interface ComboboxOption {
  key: string;
  content: ReactNode;
  choose: () => void;
}

interface ComboboxProps {
  label: string;
  /** Shows the label as a placeholder in the field instead of above it. */
  isCompact?: boolean;
  text: string;
  setText: (text: string) => void;
  isOpen: boolean;
  setOpen: (isOpen: boolean) => void;
  options: ComboboxOption[];
  /** Called when Escape is pressed while the list is closed. */
  clear?: () => void;
  onFocus?: FocusEventHandler<HTMLInputElement>;
  input?: RefObject<HTMLInputElement | null> | undefined;
  hint?: ReactNode;
  /** A note below the options. */
  children?: ReactNode;
}

/**
 * A text field with a list of options below: a combobox as in the WAI-ARIA authoring practices. The arrow keys move
 * among the options and Enter chooses one. The options are those for `text`.
 */
export function Combobox(props: ComboboxProps) {
  const { label, isCompact = false, text, isOpen, setOpen, options, hint, children } = props;
  const id = useId();
  const [active, setActive] = useState(0);
  const onKeyDown = useComboboxKeys(props, active, setActive);
  const optionId = (at: number) => `${id}-option-${at}`;
  return (
    <div className="combobox">
      {!isCompact && (
        <label className="form-label" htmlFor={`${id}-input`}>
          {label}
        </label>
      )}
      <div className="combobox-field">
        {!isCompact && <Icon name="search" />}
        <input
          ref={props.input}
          id={`${id}-input`}
          className="form-control"
          type="text"
          role="combobox"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          aria-label={isCompact ? label : undefined}
          placeholder={isCompact ? label : undefined}
          aria-autocomplete="list"
          aria-expanded={isOpen}
          aria-controls={`${id}-list`}
          aria-activedescendant={isOpen && options[active] ? optionId(active) : undefined}
          aria-describedby={hint ? `${id}-hint` : undefined}
          value={text}
          onChange={(event) => {
            props.setText(event.target.value);
            setOpen(true);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          onFocus={props.onFocus}
          onClick={() => setOpen(true)}
          onBlur={() => setOpen(false)}
        />
        <div className="combobox-popup" hidden={!isOpen}>
          <div id={`${id}-list`} role="listbox" aria-label={label} className="combobox-list">
            {options.map(({ key, content, choose }, at) => (
              <Option key={key} id={optionId(at)} selected={at === active} onPick={choose}>
                {content}
              </Option>
            ))}
          </div>
          {children}
        </div>
      </div>
      {hint && (
        <p id={`${id}-hint`} className="combobox-hint">
          {hint}
        </p>
      )}
    </div>
  );
}

function useComboboxKeys(
  { isOpen, setOpen, options, clear }: ComboboxProps,
  active: number,
  setActive: (active: number) => void,
) {
  const count = options.length;
  return (event: KeyboardEvent) => {
    const move: Record<string, number> = {
      ArrowDown: (active + 1) % Math.max(count, 1),
      ArrowUp: (active + count - 1) % Math.max(count, 1),
      ...(isOpen && count > 0 && event.ctrlKey ? { Home: 0, End: count - 1 } : {}),
    };
    const next = move[event.key];
    if (next !== undefined) {
      setOpen(true);
      if (isOpen) setActive(next);
    } else if (event.key === 'Escape' && isOpen) {
      setOpen(false);
    } else if (event.key === 'Escape' && clear) {
      clear();
    } else if (event.key === 'Enter') {
      if (isOpen) options[active]?.choose();
    } else {
      return;
    }
    event.preventDefault();
  };
}

interface OptionProps {
  id: string;
  selected: boolean;
  onPick: () => void;
  children: ReactNode;
}

function Option({ id, selected, onPick, children }: OptionProps) {
  useEffect(() => {
    if (selected) document.getElementById(id)?.scrollIntoView?.({ block: 'nearest' });
  }, [id, selected]);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the input keeps the focus and names the active option
    // biome-ignore lint/a11y/useKeyWithClickEvents: the input handles the keys
    <div
      id={id}
      role="option"
      aria-selected={selected}
      className="combobox-option"
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPick}
    >
      {children}
    </div>
  );
}
