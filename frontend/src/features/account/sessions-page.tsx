import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearchParams } from 'react-router';
import type { Page, UserSession } from '@/shared/api/types';
import { deleteAllDrafts } from '@/shared/session/draft';
import { shortDateTime } from '@/shared/times/format';
import { ErrorMessage } from '@/shared/ui/error-message';
import { PageHeading } from '@/shared/ui/page-heading';
import { Pager, pageNumber } from '@/shared/ui/pager';
import { QueryView } from '@/shared/ui/query-view';
import { Skeleton } from '@/shared/ui/skeleton';
import { useFocusOn } from '@/shared/ui/use-focus-on';
import { sessionsQuery, useEndAllSessions, useEndSession } from './sessions';

export function SessionsPage() {
  const { t } = useLingui();
  const [params] = useSearchParams();
  const sessions = useQuery(sessionsQuery(pageNumber(params)));
  return (
    <div className="narrow">
      <PageHeading title={t`Your signed-in devices`} />
      <p>
        <Trans>
          These devices are signed in to your account. If you do not recognise a device, sign it out and
          change your password.
        </Trans>
      </p>
      <QueryView
        query={sessions}
        loading={
          <Skeleton kind="row" count={3}>
            <Trans>Loading your devices…</Trans>
          </Skeleton>
        }
      >
        {(found) => <Sessions found={found} />}
      </QueryView>
      <SignOutEverywhere />
    </div>
  );
}

function Sessions({ found }: { found: Page<UserSession> }) {
  const { t } = useLingui();
  const end = useEndSession();
  // The focused button was removed with its row.
  const message = useFocusOn<HTMLParagraphElement>(end.isSuccess);
  return (
    <>
      {end.isSuccess && (
        <p ref={message} tabIndex={-1} role="status" className="notice notice-success">
          <Trans>The device is signed out.</Trans>
        </p>
      )}
      {end.isError && <ErrorMessage error={end.error} />}
      <ul className="list-unstyled session-list">
        {found.results.map((session) => (
          <li key={session.id} className="session">
            <SessionDetails session={session} />
            {!session.is_present && (
              <button
                type="button"
                className="btn btn-outline-primary"
                aria-label={t`Sign out of ${session.device}`}
                onClick={() => !end.isPending && end.mutate(session.id)}
              >
                <Trans>Sign out</Trans>
              </button>
            )}
          </li>
        ))}
      </ul>
      <Pager page={found} size={25} />
    </>
  );
}

function SessionDetails({ session }: { session: UserSession }) {
  return (
    <div>
      <strong className="d-block">{session.device}</strong>
      {session.is_present ? (
        <span className="d-block">
          <Trans>This device</Trans>
        </span>
      ) : (
        <span className="d-block">
          <Trans>
            Last used {shortDateTime(session.last_used_local)}, {session.tz_label}
          </Trans>
        </span>
      )}
      <span className="d-block small text-body-secondary">
        <Trans>
          Signed in {shortDateTime(session.begun_local)}, {session.tz_label}
        </Trans>
      </span>
    </div>
  );
}

function SignOutEverywhere() {
  const navigate = useNavigate();
  const endAll = useEndAllSessions();
  const leave = async () => {
    await endAll.mutateAsync();
    deleteAllDrafts();
    navigate('/sign-in');
  };
  return (
    <section aria-labelledby="everywhere">
      <h2 id="everywhere" className="h5">
        <Trans>Sign out everywhere</Trans>
      </h2>
      <p>
        <Trans>
          This signs you out on all devices, including this one. It does not change your appointments.
        </Trans>
      </p>
      {endAll.isError && <ErrorMessage error={endAll.error} />}
      <button
        type="button"
        className="btn btn-outline-danger"
        aria-busy={endAll.isPending || undefined}
        onClick={() => !endAll.isPending && leave().catch(() => undefined)}
      >
        <Trans>Sign out everywhere</Trans>
      </button>
    </section>
  );
}
