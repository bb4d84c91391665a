import { useLayoutEffect, useRef } from 'react';

/** A ref for what takes the focus at every new occasion: together with what is shown, not a moment later. */
export function useFocusOn<T extends HTMLElement>(occasion: unknown) {
  const box = useRef<T>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new occasion takes the focus
  useLayoutEffect(() => {
    box.current?.focus();
  }, [occasion]);
  return box;
}
