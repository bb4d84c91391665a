import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearchParams } from 'react-router';
import { isFrontDesk, useStaff } from '@/shared/staff/staff-context';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { ChooseOther } from './choose-other';
import { CompareRecords } from './compare-records';
import { latestMergeQuery } from './get-merge';
import { mergePreviewQuery } from './get-preview';
import { UndoMerge } from './undo-notice';

/** Merge another record of the same person into this one: choose it, compare both, confirm. */
export function MergePage() {
  const { t } = useLingui();
  const staff = useStaff();
  const { id = '' } = useParams();
  const [params] = useSearchParams();
  const other = params.get('other');
  return (
    <div className="portal-merge">
      <PageHeading title={t`Merge two records of one patient`} />
      {!isFrontDesk(staff) ? (
        <p className="notice">
          <Trans>Only the front desk can merge records. Ask them to do it.</Trans>
        </p>
      ) : other ? (
        <Compare key={`${id} ${other}`} patient={id} other={other} />
      ) : (
        <Choose patient={id} />
      )}
      <p className="mt-4 mb-0">
        <Link to={`/portal/patients/${id}`}>
          <Trans>Back to the patient</Trans>
        </Link>
      </p>
    </div>
  );
}

function Choose({ patient }: { patient: string }) {
  const { t } = useLingui();
  const latest = useQuery(latestMergeQuery(patient));
  return (
    <QueryView query={latest} loading={t`Loading the record…`}>
      {(merge) => (
        <>
          {merge && <UndoMerge patient={patient} name={merge.merged_name} />}
          <ChooseOther patient={patient} />
        </>
      )}
    </QueryView>
  );
}

function Compare({ patient, other }: { patient: string; other: string }) {
  const { t } = useLingui();
  const preview = useQuery(mergePreviewQuery(patient, other));
  return (
    <QueryView query={preview} loading={t`Comparing the records…`}>
      {(records) => <CompareRecords preview={records} />}
    </QueryView>
  );
}
