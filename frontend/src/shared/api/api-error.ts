/** Messages by field, nested as in the request: `{"profile": {"date_of_birth": ["…"]}}`. */
export interface FieldMessages {
  [field: string]: string[] | FieldMessages;
}

/** An error response of the API, or a request without a response (status 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  /** Messages by field name. */
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

  /** True if there was no response or a server error: the same request may be sent again. */
  get isRetryable(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

export function isApiError(error: unknown, ...codes: string[]): error is ApiError {
  return error instanceof ApiError && (codes.length === 0 || codes.includes(error.code));
}

/** Returns the messages by the last part of the field name, because forms are flat. */
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

/** Reads the error envelope. Any other body, such as a proxy's error page, is ignored. */
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
