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
import { explain } from '@/shared/ui/error-text';
import { schemaResolver } from './schema-resolver';

interface ApiForm<T extends FieldValues> {
  /** Made anew for every form, so that its messages are in the language of now. */
  schema: () => z.ZodMiniType<T, T>;
  defaults: T;
  save: (values: T) => Promise<unknown>;
}

/** A form checked here first and by the server after; both put their words at the fields. */
export function useApiForm<T extends FieldValues>({ schema, defaults, save }: ApiForm<T>) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: one schema as long as the form lives
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
      showRefusal(form, error);
    }
  });
  return { form, submit };
}

/** What belongs to no field of this form is said in the summary alone. */
function showRefusal<T extends FieldValues>(form: UseFormReturn<T>, error: unknown): void {
  const refused = Object.entries(isApiError(error) ? error.errors : {});
  const known = Object.keys(form.getValues());
  const elsewhere: string[] = refused.length === 0 ? [explain(error)] : [];
  for (const [name, messages] of refused) {
    if (known.includes(name)) form.setError(name as Path<T>, { message: messages.join(' ') });
    else elsewhere.push(...messages);
  }
  if (elsewhere.length > 0) form.setError('root.server', { message: elsewhere.join(' ') });
}
