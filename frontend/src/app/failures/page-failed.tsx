import { useLingui } from '@lingui/react/macro';
import { useEffect, useState } from 'react';
import { ApiError } from '@/shared/api/api-error';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { errorText, errorTitle } from '@/shared/ui/error-text';
import { PageHeading } from '@/shared/ui/page-heading';
import { serverAnswers } from './missing-files';

const offline = new ApiError(0, 'offline', '');

/** A page could not be shown. Without a connection the user stays on the site, which names the phone number. */
export function PageFailed() {
  const { t } = useLingui();
  const [isOffline, setOffline] = useState(!navigator.onLine);
  const [attempts, setAttempts] = useState(0);
  useEffect(() => {
    serverAnswers().then((answers) => setOffline(!answers));
  }, []);
  const retry = async () => {
    if (await serverAnswers()) return window.location.reload();
    setOffline(true);
    setAttempts((count) => count + 1);
  };
  const error = isOffline ? offline : undefined;
  return (
    <div className="narrow app-failed">
      <PageHeading title={errorTitle(error)} />
      <div role="alert" key={attempts} className="notice notice-danger">
        <p>
          {isOffline ? errorText(error) : t`We could not show this page. Your appointments are not affected.`}
        </p>
        <button type="button" className="btn btn-outline-primary mb-3" onClick={retry}>
          {t`Try again`}
        </button>
        <CallTheClinic />
      </div>
    </div>
  );
}
