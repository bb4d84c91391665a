import { useLingui } from '@lingui/react/macro';
import { plainDate } from '@/shared/times/format';

interface Facts {
  date_of_birth?: string | null;
  phone_display?: string;
  email?: string;
}

/** Returns a function that says what tells namesakes apart: "born 4 May 1980 · +44 20 7946 0001". */
export function usePatientFacts(): (patient: Facts) => string {
  const { t } = useLingui();
  return ({ date_of_birth, phone_display, email }) => {
    const born = date_of_birth ? plainDate(date_of_birth) : '';
    return [born && t`born ${born}`, phone_display || email].filter(Boolean).join(' · ');
  };
}
