import { setTokenSource } from '@/shared/api/client';
import { getAccessToken, renewAccessToken } from '@/shared/session/session';

// The API client gets its tokens from the session; neither imports the other.
setTokenSource({ getToken: getAccessToken, renewToken: renewAccessToken });
