import { useLayoutEffect, useRef } from 'react';

/** Returns a ref to an element that takes the focus whenever `trigger` changes. */
export function useFocusOn<T extends HTMLElement>(trigger: unknown) {
  const element = useRef<T>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus moves whenever the trigger changes
  useLayoutEffect(() => {
    element.current?.focus();
  }, [trigger]);
  return element;
}
