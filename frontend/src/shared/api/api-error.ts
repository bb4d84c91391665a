/** As the server nests them: `{"profile": {"date_of_birth": ["…"]}}`. */
export interface FieldMessages {
  [field: string]: string[] | FieldMessages;
}

/** What a request was refused with: the server's own words, or ours when no answer came. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  /** Messages by field. */
  readonly errors: Record<string, string[]>;
  readonly data: unknown;

  constructor(
    status: number,
    code: string,
    message: string,
    errors: FieldMessages = {},
    data: unknown = null,
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.errors = flatten(errors);
    this.data = data;
  }

  /** No answer came: the same request may be sent again. */
  get unanswered(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

export function isApiError(error: unknown, ...codes: string[]): error is ApiError {
  return error instanceof ApiError && (codes.length === 0 || codes.includes(error.code));
}

/** A nested field is known by its own name, as forms are flat. */
function flatten(errors: FieldMessages): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(errors).flatMap(([field, messages]) =>
      Array.isArray(messages)
        ? [[field.split('.').at(-1) ?? field, messages]]
        : Object.entries(flatten(messages)),
    ),
  );
}

interface FailureEnvelope {
  message?: string;
  code?: string;
  errors?: FieldMessages | null;
  data?: unknown;
}

/** Reads the failure envelope; an answer that is not one (a proxy's page) keeps its status only. */
export async function readFailure(response: Response): Promise<ApiError> {
  const body: FailureEnvelope = await response.json().catch(() => ({}));
  return new ApiError(
    response.status,
    body.code ?? 'unexpected',
    body.message ?? '',
    body.errors ?? {},
    body.data ?? null,
  );
}
