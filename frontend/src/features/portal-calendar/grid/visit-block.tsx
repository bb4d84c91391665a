import { Trans, useLingui } from '@lingui/react/macro';
import { type CSSProperties, memo } from 'react';
import { useClinic } from '@/shared/clinic/clinic-context';
import { StatusIcon, statusClass, useStatusText } from '@/shared/staff/booking-status';
import { Icon } from '@/shared/staff/icon';
import { endTime, shortPeriod, startTime } from '@/shared/times/format';
import type { PlacedVisit, PortalBooking } from '../shared/types';
import { VisitLink } from '../shared/visit-link';

interface VisitBlockProps {
  visit: PlacedVisit;
  style: CSSProperties;
  doctor: string;
}

/** A visit as one block from its start to its end: who, when, what, where and its status. */
export const VisitBlock = memo(function VisitBlock({ visit, style, doctor }: VisitBlockProps) {
  const { t } = useLingui();
  const statusText = useStatusText();
  const { booking } = visit;
  const kind = [booking.visit_type?.name, booking.room].filter(Boolean).join(' · ');
  const name = booking.patient?.name ?? t`Held for a patient`;
  const status = [statusText(booking), booking.overbooked && t`double booking`].filter(Boolean).join(', ');
  const isShort = visit.end_minute - visit.minute < 25;
  const classes = [
    'visit',
    statusClass(booking),
    isShort && 'is-short',
    booking.overbooked && 'is-overbooked',
  ];
  return (
    <VisitLink
      booking={booking}
      className={classes.filter(Boolean).join(' ')}
      style={style}
      data-cell={visit.minute}
      title={[name, `${startTime(booking)} – ${endTime(booking)}`, status, kind].filter(Boolean).join('\n')}
    >
      <strong className="visit-line visit-name">
        <StatusIcon booking={booking} /> {name}
      </strong>
      <span className="visit-line visit-time">
        <span aria-hidden="true">{shortPeriod(booking)}</span>
        <span className="visually-hidden">
          {startTime(booking)} – {endTime(booking)}
        </span>
        <WhereIcon booking={booking} />
        <ForeignZone booking={booking} />
      </span>
      <span className="visit-line">
        <span className="visit-status">{status}</span>
        {kind && <span className="visit-kind">{kind}</span>}
      </span>
      <span className="visually-hidden">
        , {doctor}
        <BufferText visit={visit} />
      </span>
    </VisitLink>
  );
});

/** The time zone, at a place with another one than the clinic's. */
function ForeignZone({ booking: { tz_label } }: { booking: PortalBooking }) {
  const clinic = useClinic();
  return tz_label === clinic.tz_label ? null : <span className="visit-zone">{tz_label}</span>;
}

export function WhereIcon({ booking: { visit_type, place } }: { booking: PortalBooking }) {
  const { t } = useLingui();
  const [icon, text] =
    visit_type?.mode === 'video'
      ? (['video', t`By video`] as const)
      : visit_type?.mode === 'phone'
        ? (['phone', t`By phone`] as const)
        : place
          ? (['place', place.name] as const)
          : [null, ''];
  if (!icon) return null;
  return (
    <span className="visit-where" title={text}>
      <Icon name={icon} />
      <span className="visually-hidden">{text}</span>
    </span>
  );
}

function BufferText({ visit }: { visit: PlacedVisit }) {
  const before = visit.minute - visit.busy_minute;
  const after = visit.busy_end_minute - visit.end_minute;
  return (
    <>
      {before > 0 && <Trans>, {before} minutes free before</Trans>}
      {after > 0 && <Trans>, {after} minutes free after</Trans>}
    </>
  );
}
