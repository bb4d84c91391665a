import { createContext, useContext, useLayoutEffect } from 'react';

/** Whether a step of a task takes up the whole page, and a function to change that. */
export const WholePageStep = createContext<[boolean, (isShown: boolean) => void]>([false, () => undefined]);

/** Hides the page's own heading and links while the calling step, which has its own heading, is shown. */
export function useWholePageStep(): void {
  const [, setIsShown] = useContext(WholePageStep);
  useLayoutEffect(() => {
    setIsShown(true);
    return () => setIsShown(false);
  }, [setIsShown]);
}

/** Whether a step takes up the whole page, so that everything around it should be hidden. */
export const useIsHidden = () => useContext(WholePageStep)[0];
