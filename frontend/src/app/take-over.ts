import { type ReactNode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';

/**
 * Renders the app beside the page that the server has sent, and replaces that page once the app shows as much, but
 * not in the middle of a click. Chosen radio buttons, unfolded parts and the focus stay. The server's page stays if
 * the app has failed, or if the user has typed something or sent a form by then: its forms work without the app.
 */
export function takeOver(app: ReactNode): void {
  const page = document.getElementById('root');
  if (!page) throw new Error('The page has no #root.');
  const stage = document.createElement('div');
  const root = createRoot(stage);
  const observer = new MutationObserver(showWhenReady);
  const listening = new AbortController();
  // A page that needs the app has no content of its own, only a notice for the case that the app is late.
  const hasPage = page.querySelector('h1:not(.late h1)') !== null;
  let isPressed = false;

  function press() {
    isPressed = true;
  }

  function release() {
    isPressed = false;
    // The click comes after the release.
    setTimeout(showWhenReady);
  }

  function stop() {
    observer.disconnect();
    listening.abort();
  }

  function leaveToServer() {
    stop();
    root.unmount();
  }

  function showWhenReady() {
    if (isPressed || listening.signal.aborted) return;
    if (stage.querySelector('.app-failed') && hasPage) return leaveToServer();
    const hasContent = stage.querySelector('h1') && !stage.querySelector('.loading');
    if (!hasContent && hasPage) return;
    const fields = page?.querySelectorAll<HTMLInputElement>('input, textarea, select') ?? [];
    if ([...fields].some(isChanged)) return leaveToServer();
    stop();
    show();
  }

  function show() {
    const focused = document.activeElement?.id;
    const checked = page?.querySelectorAll<HTMLInputElement>('input:checked') ?? [];
    const folds = [...(page?.querySelectorAll('details') ?? [])];
    page?.replaceWith(stage);
    stage.id = 'root';
    for (const { id } of checked) {
      const input = document.getElementById(id) as HTMLInputElement | null;
      if (!input?.checked) input?.click();
    }
    for (const [index, fold] of stage.querySelectorAll('details').entries()) {
      if (folds[index]?.open) fold.open = true;
    }
    if (focused) document.getElementById(focused)?.focus();
  }

  const { signal } = listening;
  document.addEventListener('pointerdown', press, { signal });
  document.addEventListener('pointerup', release, { signal });
  document.addEventListener('pointercancel', release, { signal });
  page.addEventListener('submit', leaveToServer, { signal });
  observer.observe(stage, { childList: true, subtree: true });
  // In small pieces: the server's page must react to the user meanwhile.
  startTransition(() => root.render(app));
}

/** Whether the user has typed or chosen something, other than with a radio button. */
function isChanged(field: HTMLInputElement): boolean {
  if (field.type === 'checkbox') return field.checked !== field.defaultChecked;
  // A select has no default value, and its first option is empty.
  return (
    field.value !== (field.defaultValue ?? field.querySelector<HTMLInputElement>('[selected]')?.value ?? '')
  );
}
