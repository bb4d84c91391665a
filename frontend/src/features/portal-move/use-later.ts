import { useEffect, useState } from 'react';

/** Returns the value once it has not changed for a moment, so that not every key press asks the server. */
export function useLater<T>(value: T, milliseconds = 300): T {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return later;
}
