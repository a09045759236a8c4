// The provider of the sign-in tests: the certified oidc-provider on a loopback port, as a separate process.
//
// Started by net/tests/auth/provider.rs. Writes one line {"issuer": ...} when it listens and ends when its standard input
// does, so it never outlives the test. Beside the provider's own paths it answers /control/*, which only drives the
// provider (rotate the keys, count the requests seen, walk through a sign-in as a browser would); tokens, discovery
// and keys are the provider's own work.
//
// Resources, one per way of signing: urn:tilemud:rs256, urn:tilemud:es256, urn:tilemud:eddsa (audience "tilemud"), and
// urn:other:rs256 (audience "other").

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { signIn, REDIRECT_URI, CLIENT_ID } from './sign_in.mjs';

// The package's advice to operators is not for us, and standard output is for the ready line alone.
console.info = () => {};
console.log = () => {};
console.warn = () => {};

const ALGORITHMS = { rs256: 'RS256', es256: 'ES256', eddsa: 'EdDSA' };

function freshKeys() {
  const pairs = {
    RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    EdDSA: generateKeyPairSync('ed25519'),
  };
  return Object.entries(pairs).map(([alg, { privateKey }]) => ({
    ...privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: `${alg}-${randomUUID()}`,
  }));
}

function resourceServer(indicator) {
  const match = /^urn:(tilemud|other):(rs256|es256|eddsa)$/.exec(indicator);
  if (!match) throw new Error(`unknown resource ${indicator}`);
  return {
    scope: 'play', audience: match[1], accessTokenFormat: 'jwt', accessTokenTTL: 600,
    jwt: { sign: { alg: ALGORITHMS[match[2]] } },
  };
}

function makeProvider(issuer, keys) {
  const provider = new Provider(issuer, {
    jwks: { keys },
    clients: [
      {
        client_id: 'bot', client_secret: 'bot-secret', grant_types: ['client_credentials'],
        redirect_uris: [], response_types: [], scope: 'play',
      },
      {
        client_id: CLIENT_ID, application_type: 'native', token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'], redirect_uris: [REDIRECT_URI],
      },
    ],
    scopes: ['openid', 'play'],
    cookies: { keys: ['only for tests'] },
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA'] },
    pkce: { required: () => true },
    findAccount: (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_ctx, _client, oneOf) => oneOf,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, indicator) => resourceServer(indicator),
      },
    },
  });
  return provider;
}

/** Where a person would type a name and agree: the name comes as login_hint, and everything asked for is granted. */
async function interact(provider, req, res) {
  const { params, session } = await provider.interactionDetails(req, res);
  const accountId = session?.accountId ?? params.login_hint;
  const grant = new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  for (const resource of [params.resource].flat().filter(Boolean)) grant.addResourceScope(resource, params.scope);
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(req, res, { login: { accountId }, consent }, { mergeWithLastSubmission: false });
}

const seen = {};
let issuer;
let keys = freshKeys();
let provider;

const control = {
  '/control/requests': () => seen,
  '/control/rotate': (query) => {
    keys = query.has('keep_old') ? [...freshKeys(), ...keys] : freshKeys();
    provider = makeProvider(issuer, keys);
    return { kids: keys.map(({ kid }) => kid) };
  },
  '/control/sign_in': async (query) => signIn(issuer, query.get('user'), query.get('resource')),
};

const server = createServer(async (req, res) => {
  const url = new URL(req.url, issuer);
  try {
    if (url.pathname in control) {
      const answer = await control[url.pathname](url.searchParams);
      res.setHeader('content-type', 'application/json');
      res.end(JSON.stringify(answer));
      return;
    }
    seen[url.pathname] = (seen[url.pathname] ?? 0) + 1;
    if (url.pathname.startsWith('/interaction/')) await interact(provider, req, res);
    else provider.callback()(req, res);
  } catch (error) {
    console.error(error);
    res.statusCode = 500;
    res.end(String(error));
  }
});

server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  provider = makeProvider(issuer, keys);
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
});

process.stdin.on('end', () => process.exit(0)).resume();
