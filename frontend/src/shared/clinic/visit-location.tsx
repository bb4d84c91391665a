import { Trans } from '@lingui/react/macro';
import type { Place } from '@/shared/api/types';
import { useClinic } from './clinic-context';

interface WhereProps {
  visit?: { mode: string; video_link?: string } | null;
  /** null: the clinic's own address. */
  place?: Place | null;
  room?: string | null;
  /** At a place of the clinic's that is not known here by more than its id. */
  elsewhere?: boolean;
}

/** Where to be at the time: on a screen, at the telephone, or at an address. */
export function Where({ visit, place, room, elsewhere }: WhereProps) {
  if (visit?.mode === 'video') return <OnScreen link={visit.video_link} />;
  if (visit?.mode === 'phone') {
    return (
      <Trans>
        By telephone
        <span className="d-block text-body-secondary">
          We call you on the telephone number in your details.
        </span>
      </Trans>
    );
  }
  if (elsewhere) return <Trans>At another address of ours, which comes with your appointment</Trans>;
  return <Address place={place} room={room} />;
}

function Address({ place, room }: Pick<WhereProps, 'place' | 'room'>) {
  const clinic = useClinic();
  const { name, address } = place ?? clinic;
  return (
    <>
      {name}
      <span className="d-block text-body-secondary address">{address}</span>
      {room && (
        <span className="d-block">
          <Trans>Room: {room}</Trans>
        </span>
      )}
    </>
  );
}

function OnScreen({ link }: { link?: string }) {
  return (
    <>
      <Trans>By video</Trans>
      {link ? (
        <a className="call-link" href={link} target="_blank" rel="noreferrer">
          <Trans>
            Open the video call<span className="visually-hidden"> (in a new window)</span>
          </Trans>
        </a>
      ) : (
        <span className="d-block text-body-secondary">
          <Trans>The link to the call comes with your appointment.</Trans>
        </span>
      )}
    </>
  );
}
