// A real identity provider for one test: the certified oidc-provider package, in this process, on a free port. Accounts
// are whatever name a person types on its sign-in page, which is the only thing here that is ours.

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

import Provider, { interactionPolicy } from 'oidc-provider';

// The package's advice to operators is not for us.
console.info = () => {};
console.warn = () => {};

/** The game's client, and the resource its tokens are for. */
const CLIENT_ID = 'game';
const RESOURCE = 'urn:tilemud';
const AUDIENCE = 'tilemud';

/** Where players are sent back to: with this, a public native client may use any port of loopback (RFC 8252, 7.3). */
const REDIRECT_URI = 'http://127.0.0.1/';

/**
 * Starts the provider and ends it after the test. `flags` make a server trust it and send its players there. With `page`
 * it is that address alone that players come back to; with `tokensLastS`, access tokens are taken by a server for so many
 * seconds.
 */
export async function startProvider(t, { page, tokensLastS = 600 } = {}) {
  const http = createServer();
  await new Promise((listening) => http.listen(0, '127.0.0.1', listening));
  t.after(() => {
    http.closeAllConnections();
    return new Promise((closed) => http.close(closed));
  });
  const issuer = `http://127.0.0.1:${http.address().port}`;
  let lastEndS = Infinity;
  const provider = makeProvider(issuer, { page, tokensLastS, onToken: (endS) => (lastEndS = endS) });
  /** The query of every sign-in that was asked for. */
  const asked = [];
  http.on('request', (req, res) => {
    const url = new URL(req.url, issuer);
    if (url.pathname === '/auth') asked.push(url.searchParams);
    if (!url.pathname.startsWith('/interaction/')) return void provider.callback()(req, res);
    interact(provider, req, res, url).catch((error) => {
      res.statusCode = 500;
      res.end(String(error));
    });
  });
  return {
    issuer,
    host: new URL(issuer).host,
    asked,
    /** Whether the newest token has run out. */
    newestTokenIsOld: () => Date.now() / 1_000 > lastEndS + 1,
    flags: [
      '--oidc-issuer', issuer, '--oidc-audience', AUDIENCE,
      '--oidc-client-id', CLIENT_ID, '--oidc-scope', 'openid play', '--oidc-resource', RESOURCE,
    ],
  };
}

function makeProvider(issuer, { page, tokensLastS, onToken }) {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: randomUUID() };
  // By default a native client has to ask at every sign-in; players who agreed once are let through again.
  const policy = interactionPolicy.base();
  policy.get('consent').checks.remove('native_client_prompt');
  return new Provider(issuer, {
    jwks: { keys: [key] },
    clients: [{
      client_id: CLIENT_ID, application_type: page ? 'web' : 'native', token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'], redirect_uris: [page ?? REDIRECT_URI], id_token_signed_response_alg: 'ES256',
    }],
    scopes: ['openid', 'play'],
    cookies: { keys: ['only for tests'] },
    pkce: { required: () => true },
    clientBasedCORS: () => true,
    findAccount: (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    // A server honours a token for a minute more than it says, in case its clock is late.
    formats: { customizers: { jwt: (_ctx, _token, parts) => { 
      parts.payload.exp -= tokensLastS < 60 ? 60 : 0;
      onToken(parts.payload.iat + tokensLastS);
    } } },
    interactions: { policy, url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'play', audience: AUDIENCE, accessTokenFormat: 'jwt', accessTokenTTL: tokensLastS, jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  });
}

/** The page with the name and two buttons, and what they do. */
async function interact(provider, req, res, url) {
  const { params } = await provider.interactionDetails(req, res);
  if (req.method === 'GET') {
    res.setHeader('content-type', 'text/html; charset=utf-8');
    res.end(`<!doctype html><title>Provider</title><link rel="icon" href="data:,"><form method="post" action="${url.pathname}">
      <label>Account <input name="account" autofocus></label>
      <button name="answer" value="yes">Sign in</button><button name="answer" value="no">Refuse</button></form>`);
    return;
  }
  const typed = new URLSearchParams(await bodyOf(req));
  const finish = (result) => provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false });
  if (typed.get('answer') !== 'yes') {
    return finish({ error: 'access_denied', error_description: 'The cat sat on the keyboard' });
  }
  const accountId = typed.get('account');
  const grant = new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  grant.addResourceScope(RESOURCE, 'play');
  await finish({ login: { accountId }, consent: { grantId: await grant.save() } });
}

async function bodyOf(req) {
  let text = '';
  for await (const part of req) text += part;
  return text;
}
