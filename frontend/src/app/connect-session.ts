import { setTokenSource } from '@/shared/api/client';
import { accessToken, renewSession } from '@/shared/session/session';

// The API client asks the session for its tokens, and neither of the two imports the other.
setTokenSource({ getToken: accessToken, renewToken: renewSession });
