// Warns before an idle session of the admin ends, and reports input, so that typing a long text counts as well.
(() => {
  const { url, token, left, limit, user } = document.currentScript.dataset;
  if (user) localStorage.setItem('signed-in', user); // tells the web app that it has a session (session.ts)
  const key = `admin-session-ends ${url}`; // shared by all tabs
  const WARN_MS = 120_000;
  const REPORT_MS = 60_000;
  const dialog = document.getElementById('idle-warning');
  const minutes = document.getElementById('idle-minutes');
  let lastInput = 0;
  let lastReport = Date.now();
  let lastAsked = 0;

  const endsAt = () => Number(localStorage.getItem(key));
  const setLeft = (seconds) => localStorage.setItem(key, String(Date.now() + seconds * 1000));
  setLeft(Number(left));

  async function ask(method) {
    const response = await fetch(url, { method, headers: { 'X-CSRFToken': token }, redirect: 'manual' });
    // Signed out: the page asks for the password. Not reload(), which would send a form again.
    if (!response.ok) return location.replace(location.pathname + location.search);
    setLeft((await response.json()).seconds_left);
  }

  async function report() {
    lastReport = Date.now();
    await ask('POST').catch(() => undefined); // offline: the next input tries again
  }

  function check() {
    const rest = endsAt() - Date.now();
    if (rest <= 0) {
      if (Date.now() - lastAsked < 3000) return;
      lastAsked = Date.now();
      ask('GET').catch(() => undefined);
    } else if (rest <= Math.min(WARN_MS, (Number(limit) * 1000) / 2)) {
      // The web app shares the session: somebody may be using that.
      if (!dialog.open && Date.now() - lastAsked > WARN_MS) {
        lastAsked = Date.now();
        ask('GET').then(check, () => undefined);
        return;
      }
      const count = Math.ceil(rest / 60_000);
      if (minutes.textContent !== String(count)) minutes.textContent = String(count);
      if (!dialog.open) dialog.showModal();
    } else {
      if (dialog.open) dialog.close();
      if (lastInput > lastReport && Date.now() - lastReport >= REPORT_MS) report();
    }
  }

  for (const name of ['pointerdown', 'keydown', 'wheel', 'touchstart'])
    addEventListener(name, () => { if (!dialog.open) lastInput = Date.now(); }, { passive: true, capture: true });
  addEventListener('storage', (event) => { if (event.key === key) check(); });
  document.addEventListener('visibilitychange', check);
  dialog.addEventListener('close', () => { if (dialog.returnValue === 'stay') report(); dialog.returnValue = ''; });
  dialog.addEventListener('cancel', () => { dialog.returnValue = 'stay'; });
  setInterval(check, 1000);
})();
