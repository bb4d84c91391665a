import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Outcome } from '@/gen';
import { isFrontDesk, useStaff } from '@/shared/staff/staff-context';
import { PageHeading } from '@/shared/ui/page-heading';
import { AbsenceForm } from './absence-form';
import { AbsenceResult } from './absence-result';
import type { AbsencePreview } from './absences';
import { Decide } from './decide';
import { WritePage } from './write-page';

interface Done {
  outcomes: Outcome[];
  preview: AbsencePreview;
}

/** Records a doctor's absence: the period, a choice for each appointment in it, and the patients to call. */
export function AbsencesPage() {
  const { t } = useLingui();
  const staff = useStaff();
  const [preview, setPreview] = useState<AbsencePreview>();
  const [done, setDone] = useState<Done>();
  const [writing, setWriting] = useState(false);
  if (preview && writing) return <WritePage preview={preview} onBack={() => setWriting(false)} />;
  const title = done ? t`Absence recorded` : preview ? t`Appointments in this absence` : t`Record an absence`;
  return (
    <div className="absences">
      <PageHeading title={title} />
      {!isFrontDesk(staff) && (
        <p className="notice">
          <Trans>
            Only front desk staff can record absences. Add your own under{' '}
            <Link to="/portal/time-off">Time off</Link>.
          </Trans>
        </p>
      )}
      {isFrontDesk(staff) && !preview && !done && <AbsenceForm onPreview={setPreview} />}
      {preview && !done && (
        <Decide
          preview={preview}
          onBack={() => setPreview(undefined)}
          onWrite={() => setWriting(true)}
          onDone={(outcomes) => setDone({ outcomes, preview })}
        />
      )}
      {done && (
        <AbsenceResult
          {...done}
          onAgain={() => {
            setDone(undefined);
            setPreview(undefined);
          }}
        />
      )}
    </div>
  );
}
