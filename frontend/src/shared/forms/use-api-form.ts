import { useMemo } from 'react';
import {
  type DefaultValues,
  type FieldValues,
  type Path,
  type UseFormReturn,
  useForm,
} from 'react-hook-form';
import type * as z from 'zod/mini';
import { isApiError } from '@/shared/api/api-error';
import { errorText } from '@/shared/ui/error-text';
import { schemaResolver } from './schema-resolver';

interface ApiForm<T extends FieldValues> {
  /** Called once for each form, so that its messages are in the current language. */
  schema: () => z.ZodMiniType<T, T>;
  defaults: T;
  save: (values: T) => Promise<unknown>;
}

/** A form that is validated in the browser and by the server. Both show errors at the fields. */
export function useApiForm<T extends FieldValues>({ schema, defaults, save }: ApiForm<T>) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the schema does not change during the life of the form
  const resolver = useMemo(() => schemaResolver(schema()), []);
  const form = useForm<T>({
    resolver,
    defaultValues: defaults as DefaultValues<T>,
    shouldFocusError: false,
  });
  const submit = form.handleSubmit(async (values) => {
    try {
      await save(values);
    } catch (error) {
      showErrors(form, error);
    }
  });
  return { form, submit };
}

/** Shows the server's errors. Errors of unknown fields appear in the summary only. */
function showErrors<T extends FieldValues>(form: UseFormReturn<T>, error: unknown): void {
  const fieldErrors = Object.entries(isApiError(error) ? error.errors : {});
  const fieldNames = Object.keys(form.getValues());
  const general: string[] = fieldErrors.length === 0 ? [errorText(error)] : [];
  for (const [name, messages] of fieldErrors) {
    if (fieldNames.includes(name)) form.setError(name as Path<T>, { message: messages.join(' ') });
    else general.push(...messages);
  }
  if (general.length > 0) form.setError('root.server', { message: general.join(' ') });
}
