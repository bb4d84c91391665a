import { createContext, useContext } from 'react';
import type { Clinic } from '@/shared/api/types';

const ClinicContext = createContext<Clinic | null>(null);

export const ClinicProvider = ClinicContext.Provider;

/** The clinic of this host. Loaded before any page is rendered. */
export function useClinic(): Clinic {
  const clinic = useContext(ClinicContext);
  if (!clinic) throw new Error('useClinic outside of ClinicProvider');
  return clinic;
}
