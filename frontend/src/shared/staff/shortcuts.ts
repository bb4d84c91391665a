import { useEffect, useRef, useSyncExternalStore } from 'react';

/**
 * Shortcuts are single keys, so users can switch them off (WCAG 2.2, 2.1.4): speech input and trembling hands
 * press keys by mistake.
 */
const OFF = 'shortcuts-off';
const listeners = new Set<() => void>();

const shortcutsAreOn = () => localStorage.getItem(OFF) === null;

export function switchShortcuts(on: boolean): void {
  if (on) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, '1');
  for (const listener of listeners) listener();
}

export function useShortcutsAreOn(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, shortcutsAreOn);
}

type Shortcuts = Record<string, () => void>;

/** Calls the function of a pressed key (`KeyboardEvent.key`) while nobody types and no dialog is open. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  current.current = shortcuts;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!shortcutsAreOn() || isTyping(event.target) || document.querySelector('dialog[open]')) return;
      const action = current.current[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, select, textarea, [role="listbox"], [role="menu"]'))
  );
}
