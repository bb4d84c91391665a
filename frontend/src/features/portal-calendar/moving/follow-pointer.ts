/** A mouse has to move this far before it drags, so that a click stays a click. */
const THRESHOLD = 5;
/** A finger has to rest this long before it drags, so that a swipe scrolls. */
const HOLD_MS = 350;
/** How near to an edge of the box it scrolls, and how far at most in one frame. */
const SCROLL_EDGE = 48;
const SCROLL_STEP = 14;

interface Handlers {
  /** The pointer drags at this place of the window. */
  onMove: (x: number, y: number) => void;
  /** It was released (true), or the drag was given up: with Escape, or because it never began. */
  onEnd: (isDropped: boolean) => void;
}

/**
 * Follows a pointer that was pressed on something in a box, and scrolls the box at its edges.
 *
 * @returns a function that gives the drag up
 */
export function followPointer(
  start: PointerEvent,
  box: HTMLElement,
  { onMove, onEnd }: Handlers,
): () => void {
  let [x, y] = [start.clientX, start.clientY];
  let isDragging = false;
  let frame = 0;
  const isTouch = start.pointerType === 'touch';
  const listeners = new AbortController();
  const { signal } = listeners;
  const begin = () => {
    isDragging = true;
    document.documentElement.classList.add('is-dragging');
    onMove(x, y);
    frame = requestAnimationFrame(scroll);
  };
  const hold = isTouch ? setTimeout(begin, HOLD_MS) : undefined;
  const end = (isDropped: boolean) => {
    if (signal.aborted) return;
    listeners.abort();
    clearTimeout(hold);
    cancelAnimationFrame(frame);
    document.documentElement.classList.remove('is-dragging');
    if (isDragging) ignoreNextClick();
    onEnd(isDropped && isDragging);
  };
  const scroll = () => {
    const { left, right, top, bottom } = box.getBoundingClientRect();
    const [dx, dy] = [step(x, left, right), step(y, top, bottom)];
    if (dx || dy) {
      box.scrollBy(dx, dy);
      onMove(x, y);
    }
    frame = requestAnimationFrame(scroll);
  };
  const on = <K extends keyof WindowEventMap>(type: K, listener: (event: WindowEventMap[K]) => void) =>
    window.addEventListener(type, listener, { signal });
  on('pointermove', (event) => {
    if (event.pointerId !== start.pointerId) return;
    [x, y] = [event.clientX, event.clientY];
    if (isDragging) return onMove(x, y);
    if (Math.hypot(x - start.clientX, y - start.clientY) < THRESHOLD) return;
    if (isTouch) end(false);
    else begin();
  });
  on('pointerup', (event) => event.pointerId === start.pointerId && end(true));
  on('pointercancel', (event) => event.pointerId === start.pointerId && end(false));
  on('blur', () => end(false));
  window.addEventListener('keydown', (event) => event.key === 'Escape' && isDragging && giveUp(event), {
    signal,
    capture: true,
  });
  // Without this, the page scrolls under the finger and the browser cancels the pointer.
  window.addEventListener('touchmove', (event) => isDragging && event.preventDefault(), {
    signal,
    passive: false,
  });
  // A finger that rests on a link would open its menu.
  on('contextmenu', (event) => isTouch && event.preventDefault());
  const giveUp = (event: KeyboardEvent) => {
    event.preventDefault();
    event.stopPropagation();
    end(false);
  };
  return () => end(false);
}

/** How far to scroll with the pointer at a place between two edges: faster, the nearer it is to one. */
function step(place: number, low: number, high: number): number {
  const toLow = Math.max(0, SCROLL_EDGE - (place - low));
  const toHigh = Math.max(0, SCROLL_EDGE - (high - place));
  return (Math.min(toHigh, SCROLL_EDGE) - Math.min(toLow, SCROLL_EDGE)) * (SCROLL_STEP / SCROLL_EDGE);
}

/** The browser reports a click after a drag, which would open the visit. */
function ignoreNextClick(): void {
  const ignore = (event: MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener('click', ignore, { capture: true, once: true });
  setTimeout(() => window.removeEventListener('click', ignore, { capture: true }), 50);
}
