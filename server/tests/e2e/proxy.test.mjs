// A browser plays through a proxy that encrypts, under a path (FR-032).

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { GamePage, startBrowser } from './game_page.mjs';
import { freePort, startProxy } from './proxy.mjs';
import { startProvider } from './provider.mjs';
import { screenshotPath, startServer } from './server.mjs';

/** nginx makes its certificate itself, so nobody knows it. */
const STRANGE_CERTIFICATE = { ignoreHTTPSErrors: true };

/** Opens the game, walks, and is seen to have walked. */
async function plays(browser, address, name) {
  const game = await GamePage.open(browser, address, STRANGE_CERTIFICATE);
  await game.signIn(name);
  await game.walk();
  await game.settled();
  return game;
}

test('two play behind a proxy that takes the path off, with nothing set at the server', { timeout: 600_000 }, async (t) => {
  const server = await startServer(t);
  const port = await freePort();
  await startProxy(t, port, `
    proxy_set_header Host $http_host;
    location /game/ { proxy_pass ${server.address}/; }`);
  const browser = await startBrowser(t);
  const ann = await plays(browser, `https://localhost:${port}/game/`, 'Ann');
  const ben = await plays(browser, `https://localhost:${port}/game/index.html`, 'Ben');
  await ann.until('Ann to see Ben', () => ann.sees('Ben'));
  await ann.screenshot('behind_a_proxy.png');
  assert.deepEqual([...ann.complaints, ...ben.complaints], [], 'nothing red in the developer tools');

  // What is not there leads back to the game, not out of it.
  await ben.page.goto(`https://localhost:${port}/game/no/such/place`);
  await ben.page.screenshot({ path: screenshotPath('nothing_here.png') });
  await ben.page.getByRole('link').click();
  await ben.page.waitForURL(`https://localhost:${port}/game/`);
});

test('one plays at a public address whose path the proxy leaves on, also without its slash', { timeout: 600_000 }, async (t) => {
  const port = await freePort();
  const server = await startServer(t, ['--public-url', `https://localhost:${port}/game/`, '--trusted-proxy', '127.0.0.1',
    '--dev-issuer-anywhere']);
  await startProxy(t, port, `
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
    location /game { proxy_pass ${server.address}; }`);
  const browser = await startBrowser(t);
  const ann = await plays(browser, `https://localhost:${port}/game`, 'Ann');
  assert.equal(ann.page.url(), `https://localhost:${port}/game/`);
  assert.deepEqual(ann.complaints, [], 'nothing red in the developer tools');
});

test('a player signs in at a provider from under a path and comes back to it', { timeout: 600_000 }, async (t) => {
  const port = await freePort();
  const address = `https://localhost:${port}/game/`;
  const provider = await startProvider(t, { page: address });
  const server = await startServer(t, [...provider.flags, '--public-url', address], { devIssuer: false });
  await startProxy(t, port, `location /game/ { proxy_pass ${server.address}/; }`);
  const browser = await startBrowser(t);
  const ada = await GamePage.open(browser, address, STRANGE_CERTIFICATE);
  await ada.click('Button', new RegExp(`^Sign in with ${provider.host}$`));
  await ada.page.waitForURL(`${provider.issuer}/interaction/*`);
  await ada.page.getByLabel('Account').fill('countess');
  await ada.page.getByRole('button', { name: 'Sign in' }).click();
  await ada.until('Ada to be in the world', async () => (await ada.state()).state === 'ACTIVE');
  assert.equal(ada.page.url(), address, 'no code in the address bar');
  assert.deepEqual(ada.complaints, [], 'nothing red in the developer tools');
});
