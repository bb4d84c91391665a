import { useCallback, useEffect, useRef, useState } from 'react';
import {
  endIfIdle,
  forgetEnd,
  forgetIdle,
  loadEnd,
  reportInput,
  timeLeft,
} from '@/shared/session/idle-session';

const MINUTE = 60_000;
const WARN_MS = 2 * MINUTE;
const INPUT_EVENTS = ['pointerdown', 'keydown', 'wheel', 'touchstart'];

interface IdleSession {
  /** How many minutes are left, once the session ends soon. */
  minutesLeft: number | null;
  stay: () => void;
}

/** Reports input at most once a minute, and ends the session when its time without input is over. */
export function useIdleSession(): IdleSession {
  const [minutesLeft, setMinutesLeft] = useState<number | null>(null);
  const warning = useRef(false);
  const stay = useCallback(() => {
    warning.current = false;
    setMinutesLeft(null);
    reportInput().catch(() => undefined); // the warning comes back
  }, []);

  useEffect(() => {
    let lastInput = 0;
    let lastReport = 0;
    let ending = false;
    forgetEnd(); // of the session before
    forgetIdle();
    loadEnd().catch(() => undefined);

    const onInput = () => {
      if (!warning.current) lastInput = Date.now();
    };
    const check = () => {
      const rest = timeLeft();
      if (rest <= 0) {
        if (ending) return;
        ending = true;
        endIfIdle().finally(() => {
          ending = false;
        });
        return;
      }
      warning.current = rest <= WARN_MS;
      setMinutesLeft(warning.current ? Math.ceil(rest / MINUTE) : null);
      if (!warning.current && lastInput > lastReport && Date.now() - lastReport >= MINUTE) {
        lastReport = Date.now();
        reportInput().catch(() => undefined); // reported again with the next input
      }
    };
    for (const name of INPUT_EVENTS) window.addEventListener(name, onInput, { passive: true, capture: true });
    const timer = setInterval(check, 1000);
    document.addEventListener('visibilitychange', check);
    return () => {
      for (const name of INPUT_EVENTS) window.removeEventListener(name, onInput, { capture: true });
      clearInterval(timer);
      document.removeEventListener('visibilitychange', check);
    };
  }, []);

  return { minutesLeft, stay };
}
