import { deleteDraft, readDraft, saveDraft } from '@/shared/session/draft';

const NAME = 'newcomer';

/** What visitors who are not signed in enter about themselves. */
export interface Newcomer {
  first_name: string;
  last_name: string;
  email: string;
  date_of_birth: string;
  phone: string;
}

export const readNewcomer = (): Newcomer => ({
  first_name: '',
  last_name: '',
  email: '',
  date_of_birth: '',
  phone: '',
  ...readDraft<Newcomer>(NAME),
});

export const saveNewcomer = (details: Partial<Newcomer>) =>
  saveDraft(NAME, { ...readNewcomer(), ...details });

export const deleteNewcomer = () => deleteDraft(NAME);
