// A sign-in as a browser does it: authorization code with PKCE (RFC 7636) for a public client, over HTTP, with cookies.
// Knows the provider only by its address.

import { createHash, randomBytes } from 'node:crypto';

export const CLIENT_ID = 'game';
export const REDIRECT_URI = 'http://127.0.0.1/signed-in';

const REDIRECTS_MAX = 10;

/** The provider's token answer for `user`, for the resource wanted. */
export async function signIn(issuer, user, resource) {
  const metadata = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const start = new URL(metadata.authorization_endpoint);
  start.search = new URLSearchParams({
    client_id: CLIENT_ID, response_type: 'code', redirect_uri: REDIRECT_URI, scope: 'openid play', resource, state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
    login_hint: user,
  });
  const code = await followToCode(start, state);
  const answer = await fetch(metadata.token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code', client_id: CLIENT_ID, redirect_uri: REDIRECT_URI, code, resource,
      code_verifier: verifier,
    }),
  });
  if (!answer.ok) throw new Error(`token endpoint: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function followToCode(start, state) {
  const cookies = new Map();
  let at = start;
  for (let hop = 0; hop < REDIRECTS_MAX; hop += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(at, { redirect: 'manual', headers: cookie ? { cookie } : {} });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value === '') cookies.delete(name); else cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (!location) throw new Error(`no redirect from ${at}: ${answer.status} ${await answer.text()}`);
    at = new URL(location, at);
    if (at.href.startsWith(REDIRECT_URI)) {
      const code = at.searchParams.get('code');
      if (!code || at.searchParams.get('state') !== state) throw new Error(`sign-in refused: ${at.search}`);
      return code;
    }
  }
  throw new Error('too many redirects');
}
