import { useEffect, useState } from 'react';
import { Loading } from '@/shared/ui/loading';
import { NotFoundPage } from '@/shared/ui/not-found-page';

const LOADED_AT = 'server-page-loaded-at';
const MIN_SECONDS = 10;

/** A page that only the server has, for example after a sign-in that leads to it. Loads it once. */
export function ServerPage() {
  const [isMissing] = useState(
    () => Date.now() - Number(sessionStorage.getItem(LOADED_AT)) < MIN_SECONDS * 1000,
  );
  useEffect(() => {
    if (isMissing) return;
    sessionStorage.setItem(LOADED_AT, String(Date.now()));
    window.location.reload();
  }, [isMissing]);
  return isMissing ? <NotFoundPage /> : <Loading />;
}
