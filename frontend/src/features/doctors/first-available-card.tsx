import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { firstOpenSlotQuery } from '@/shared/api/list-open-slots';
import type { VisitType } from '@/shared/api/types';
import { firstAvailablePath } from '@/shared/choose-time/step-path';
import { useClinic } from '@/shared/clinic/clinic-context';
import { todayIn } from '@/shared/times/calendar';
import { shortMoment } from '@/shared/times/format';

interface FirstAvailableCardProps {
  visitType: VisitType | null;
  specialty: string | undefined;
}

/** The way for those to whom it matters when and not with whom. */
export function FirstAvailableCard({ visitType, specialty }: FirstAvailableCardProps) {
  const { time_zone, specialties } = useClinic();
  // Of several kinds of doctors the page asks which.
  const kindKnown = specialties.length <= 1 || Boolean(specialty);
  const first = useQuery({
    ...firstOpenSlotQuery({
      any_doctor: true,
      specialty,
      visit_type: visitType?.id,
      from: todayIn(time_zone),
    }),
    enabled: kindKnown,
  });
  return (
    <div className="doctor-card first-available">
      <div>
        <h2 className="h5 mb-1">
          <Link className="stretched-link" to={firstAvailablePath(specialty, visitType?.id)}>
            <Trans>First available</Trans>
          </Link>
        </h2>
        <p className="mb-1">
          <Trans>With any doctor who is free</Trans>
        </p>
        {kindKnown && (
          <p className="next-time">
            {first.data && (
              <Trans>
                Next: <strong>{shortMoment(first.data)}</strong>
              </Trans>
            )}
            {first.data === null && <Trans>No times open at present</Trans>}
          </p>
        )}
      </div>
    </div>
  );
}
