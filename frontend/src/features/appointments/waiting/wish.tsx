import { Trans } from '@lingui/react/macro';
import type { WaitlistEntry } from '@/shared/api/types';
import { shortDay } from '@/shared/times/format';
import { ForWhom } from '../for-whom';

/** With whom and for what. */
export function wishName({ doctor, specialty, visit_type }: WaitlistEntry): string {
  return [doctor?.display_name ?? specialty?.name, visit_type?.name].filter(Boolean).join(', ');
}

/** What somebody waits for. */
export function Wish({ entry }: { entry: WaitlistEntry }) {
  return (
    <>
      <strong className="d-block">{wishName(entry)}</strong>
      {entry.from === entry.to ? (
        <Trans>On {shortDay(entry.from)}</Trans>
      ) : (
        <Trans>
          From {shortDay(entry.from)} to {shortDay(entry.to)}
        </Trans>
      )}
      <ForWhom patient={entry.patient} />
    </>
  );
}
