import { Trans } from '@lingui/react/macro';
import type { Place } from '@/shared/api/types';
import { useClinic } from './clinic-context';

interface VisitLocationProps {
  visit?: { mode: string; video_link?: string } | null;
  /** null for the clinic's main address. */
  place?: Place | null;
  room?: string | null;
  /** The appointment is at another site whose address is not loaded. */
  isOtherPlace?: boolean;
}

/** Where the visit takes place: by video, by phone or at an address. */
export function VisitLocation({ visit, place, room, isOtherPlace }: VisitLocationProps) {
  if (visit?.mode === 'video') return <VideoCall link={visit.video_link} />;
  if (visit?.mode === 'phone') {
    return (
      <Trans>
        By phone
        <span className="d-block text-body-secondary">We will call the phone number in your details.</span>
      </Trans>
    );
  }
  if (isOtherPlace) return <Trans>At another of our sites. We show the address when you book.</Trans>;
  return <Address place={place} room={room} />;
}

function Address({ place, room }: Pick<VisitLocationProps, 'place' | 'room'>) {
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

function VideoCall({ link }: { link?: string }) {
  return (
    <>
      <Trans>By video</Trans>
      {link ? (
        <a className="call-link" href={link} target="_blank" rel="noreferrer">
          <Trans>
            Open the video call<span className="visually-hidden"> (opens in a new tab)</span>
          </Trans>
        </a>
      ) : (
        <span className="d-block text-body-secondary">
          <Trans>We show the video call link when you book.</Trans>
        </span>
      )}
    </>
  );
}
