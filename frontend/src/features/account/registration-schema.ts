import { t } from '@lingui/core/macro';
import * as z from 'zod/mini';
import { email, optional, required, secret } from '@/shared/forms/rules';
import type { Registration } from './register';

export const EMPTY_REGISTRATION: Registration = {
  first_name: '',
  last_name: '',
  email: '',
  phone: '',
  date_of_birth: '',
  password: '',
};

export const registrationSchema = () =>
  z.object({
    first_name: required(t`Enter your first name`),
    last_name: required(t`Enter your last name`),
    email: email(),
    phone: optional(),
    date_of_birth: optional(),
    password: secret(t`Choose a password`),
  });
