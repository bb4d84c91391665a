import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useSearchParams } from 'react-router';

/** Links to the times of all doctors together and of each doctor. */
export function Views({ isSideBySide }: { isSideBySide: boolean }) {
  const { t } = useLingui();
  const [params] = useSearchParams();
  const pathOf = (by: string | null) => {
    const next = new URLSearchParams(params);
    for (const name of ['by', 'page', 'slot']) next.delete(name);
    if (by) next.set('by', by);
    return `?${next}`;
  };
  const view = (isActive: boolean) => ({
    className: isActive ? 'view active' : 'view',
    'aria-current': isActive || undefined,
    preventScrollReset: true,
  });
  return (
    <nav className="views" aria-label={t`View`}>
      <Link {...view(!isSideBySide)} to={pathOf(null)}>
        <Trans>All doctors together</Trans>
      </Link>{' '}
      <Link {...view(isSideBySide)} to={pathOf('doctor')}>
        <Trans>Doctors side by side</Trans>
      </Link>
    </nav>
  );
}
