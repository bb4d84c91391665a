import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import type { SearchOptions } from '@/gen';
import type { Slot } from '@/shared/api/types';
import { ANY_DOCTOR_FILTERS, filterFields, filtersOf } from '@/shared/search/filters';
import { useSearchOptions } from '@/shared/search/search-options';
import { TimePicker } from '@/shared/time-picker/time-picker';
import { Loading } from '@/shared/ui/loading';
import { Pager, pageNumber } from '@/shared/ui/pager';
import { QueryView } from '@/shared/ui/query-view';
import { DOCTORS_SIDE_BY_SIDE, doctorsQuery } from './list-doctors';

interface DoctorsSideBySideProps {
  specialty: string | undefined;
  visitType: string | undefined;
  onContinue: (slot: Slot) => void;
}

/** The times of a page of doctors in columns, those with the soonest time first. */
export function DoctorsSideBySide(props: DoctorsSideBySideProps) {
  const options = useSearchOptions();
  return options ? <Doctors {...props} options={options} /> : <Loading />;
}

interface DoctorsProps extends DoctorsSideBySideProps {
  options: SearchOptions;
}

function Doctors({ specialty, options, ...picker }: DoctorsProps) {
  const { t } = useLingui();
  const [params] = useSearchParams();
  const filters = filtersOf(filterFields(ANY_DOCTOR_FILTERS, params, { options }));
  const search = {
    filters: { ...filters, ...(specialty && { specialty }) },
    visit_type: picker.visitType,
    accepting_new_patients: true as const,
    page: pageNumber(params),
  };
  return (
    <QueryView query={useQuery(doctorsQuery(search, DOCTORS_SIDE_BY_SIDE))} loading={t`Loading doctors…`}>
      {(page) => (
        <TimePicker
          {...picker}
          doctorChoice={page.results.length > 0 ? { specialty, doctors: page.results } : { specialty }}
          pager={<Pager page={page} size={DOCTORS_SIDE_BY_SIDE} />}
        />
      )}
    </QueryView>
  );
}
