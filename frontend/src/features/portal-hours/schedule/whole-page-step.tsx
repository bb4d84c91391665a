import { createContext, useContext, useLayoutEffect, useState } from 'react';

/** Whether a step of a task has the whole page, and a function to change that. */
export const TakesPage = createContext<[boolean, (takes: boolean) => void]>([false, () => undefined]);

export const useTakesPageState = () => useState(false);

/** Hides the page's own heading and links while the calling step, which has its own heading, is shown. */
export function useTakesPage(): void {
  const [, setTakes] = useContext(TakesPage);
  useLayoutEffect(() => {
    setTakes(true);
    return () => setTakes(false);
  }, [setTakes]);
}

/** Whether a step has the page, so that everything around it should be hidden. */
export const useIsHidden = () => useContext(TakesPage)[0];
