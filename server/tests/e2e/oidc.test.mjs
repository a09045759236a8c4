// Players sign in at a real provider, in the browser and in the native program (FR-001).

import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { GamePage, startBrowser } from './game_page.mjs';
import { startProvider } from './provider.mjs';
import { startScreen } from './screen.mjs';
import { clientBinary, getJson, runServer, startProgram, startServer, temporaryFolder, until } from './server.mjs';

/** A server without any other way in than the provider. */
async function startBoth(t) {
  const provider = await startProvider(t);
  const server = await startServer(t, provider.flags, { devIssuer: false });
  return { provider, server };
}

/** Types the character's name and leaves for the provider. */
async function leave(game, provider, name) {
  await game.click('TextInput', /name/i);
  await game.page.keyboard.press('Control+a');
  await game.page.keyboard.type(name);
  await game.until('the name to stand in its field', async () => (await game.widgets()).some(({ label }) => label === name));
  await game.framesDrawn(2);
  await game.click('Button', new RegExp(`^Sign in with ${provider.host}$`));
  await game.page.waitForURL(`${provider.issuer}/interaction/*`);
}

/** At the provider's page: who one is, and the button. */
async function answer(page, account, button) {
  await page.getByLabel('Account').fill(account);
  await page.getByRole('button', { name: button }).click();
}

async function inTheWorld(game, name) {
  await game.until(`${name} to be in the world`, async () => {
    const state = await game.state();
    return state.state === 'ACTIVE' && state.name === name && state.position;
  });
}

test('a player signs in at a provider in the browser, and a reload asks nothing', { timeout: 600_000 }, async (t) => {
  const { provider, server } = await startBoth(t);
  const browser = await startBrowser(t);
  const ada = await GamePage.open(browser, server.address);
  await leave(ada, provider, 'Ada');
  assert.equal(provider.asked.length, 1);
  assert.equal(provider.asked[0].get('code_challenge_method'), 'S256');
  await answer(ada.page, 'countess', 'Sign in');
  await inTheWorld(ada, 'Ada');
  assert.equal(ada.page.url(), `${server.address}/`, 'no code in the address bar');
  const stored = await ada.page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]));
  assert.doesNotMatch(stored, /eyJ|verifier|tilemud\.sign-in/, 'neither token nor secret stays in the browser');
  await ada.screenshot('oidc_browser.png');
  await ada.settled();

  await ada.page.reload();
  await inTheWorld(ada, 'Ada');
  assert.equal(provider.asked.length, 2);
  assert.equal(provider.asked[1].get('prompt'), 'none', 'the provider only confirms');
  assert.equal(ada.page.url(), `${server.address}/`);

  // The account, not the name, is the player: elsewhere and under another name it is the same character.
  const again = await GamePage.open(browser, server.address);
  await leave(again, provider, 'Somebody');
  await answer(again.page, 'countess', 'Sign in');
  await inTheWorld(again, 'Ada');
  assert.equal((await getJson(server.address, '/api/health')).capacity.active_sessions, 1);
  assert.deepEqual([...ada.complaints, ...again.complaints], [], 'nothing red in the developer tools');
});

test('a token that ran out is renewed at the provider without a form when the server comes back', { timeout: 600_000 }, async (t) => {
  const provider = await startProvider(t, { tokensLastS: 3 });
  const server = await startServer(t, provider.flags, { devIssuer: false });
  const browser = await startBrowser(t);
  const ada = await GamePage.open(browser, server.address);
  await leave(ada, provider, 'Ada');
  await answer(ada.page, 'countess', 'Sign in');
  await inTheWorld(ada, 'Ada');
  await until('the token to run out', provider.newestTokenIsOld);
  assert.equal((await ada.state()).state, 'ACTIVE', 'the end of the token does not end the game');

  await server.stop();
  await server.again();
  await ada.until('the provider to be asked again', () => provider.asked.length > 1);
  await inTheWorld(ada, 'Ada');
  assert.deepEqual(provider.asked.slice(1).map((query) => query.get('prompt')), ['none'], 'without a form');
});

test('players of a provider that has moved stay who they are, by setting and by command', { timeout: 600_000 }, async (t) => {
  const [before, after] = [await startProvider(t), await startProvider(t)];
  const dataDir = temporaryFolder(t);
  const options = { devIssuer: false, dataDir };
  const browser = await startBrowser(t);
  const playsAs = async (server, provider, name) => {
    const game = await GamePage.open(browser, server.address);
    await leave(game, provider, 'Somebody');
    await answer(game.page, 'countess', 'Sign in');
    await inTheWorld(game, name);
    await game.page.context().close();
    assert.equal(await server.stop(), 0);
  };
  const first = await startServer(t, before.flags, options);
  const ada = await GamePage.open(browser, first.address);
  await leave(ada, before, 'Ada');
  await answer(ada.page, 'countess', 'Sign in');
  await inTheWorld(ada, 'Ada');
  await ada.page.context().close();
  assert.equal(await first.stop(), 0);

  await playsAs(await startServer(t, [...after.flags, '--oidc-issuer-alias', before.issuer], options), after, 'Ada');

  const link = (...more) => runServer([
    'users', 'link', '--from-issuer', before.issuer, '--to-issuer', after.issuer, '--data-dir', dataDir, ...more,
  ]);
  assert.match(await link('--dry-run'), /Would link .*Nothing was changed/);
  assert.match(await link(), new RegExp(`Linked ${before.issuer} to ${after.issuer}`));
  await playsAs(await startServer(t, after.flags, options), after, 'Ada');
});

test('a sign-in that the provider refuses says so, and the next one works', { timeout: 600_000 }, async (t) => {
  const { provider, server } = await startBoth(t);
  const browser = await startBrowser(t);
  const eve = await GamePage.open(browser, server.address);
  await leave(eve, provider, 'Eve');
  await answer(eve.page, 'eve', 'Refuse');
  await eve.until('the refusal', async () => (await eve.state()).state === 'AUTH_FAILED');
  assert.equal(eve.page.url(), `${server.address}/`, 'nothing of it in the address bar');
  await eve.widget('Label', /The cat sat on the keyboard/);
  await eve.click('Button', /sign in again/i);
  await leave(eve, provider, 'Eve');
  await answer(eve.page, 'eve', 'Sign in');
  await inTheWorld(eve, 'Eve');
});

test('an answer that nobody asked for signs nobody in', { timeout: 600_000 }, async (t) => {
  const { provider, server } = await startBoth(t);
  const browser = await startBrowser(t);
  const victim = await GamePage.open(browser, `${server.address}/?code=an-attackers&state=guess`);
  await victim.until('the refusal', async () => (await victim.state()).state === 'AUTH_FAILED');
  assert.equal(victim.page.url(), `${server.address}/`);
  assert.equal(provider.asked.length, 0);
  // Also not while a sign-in is under way.
  await victim.click('Button', /sign in again/i);
  await leave(victim, provider, 'Victim');
  await victim.page.goto(`${server.address}/?code=an-attackers&state=guess`);
  await victim.until('the refusal', async () => (await victim.state()).state === 'AUTH_FAILED');
  assert.equal((await getJson(server.address, '/api/health')).capacity.active_sessions, 0);
});

test('a player signs in at a provider from the native program', { timeout: 600_000 }, async (t) => {
  const { provider, server } = await startBoth(t);
  const browser = await startBrowser(t);
  const ben = await GamePage.open(browser, server.address);
  await leave(ben, provider, 'Ben');
  await answer(ben.page, 'ben', 'Sign in');
  await inTheWorld(ben, 'Ben');

  // The program opens what BROWSER names: here, something that notes the address for the browser of the test.
  const folder = temporaryFolder(t);
  const [script, noted] = [join(folder, 'browser'), join(folder, 'address')];
  writeFileSync(script, `#!/bin/sh\nprintf %s "$1" > ${noted}.part && mv ${noted}.part ${noted}\n`);
  chmodSync(script, 0o755);
  const screen = await startScreen(t);
  const client = startProgram(t, clientBinary, ['--server', server.address, '--name', 'Ann', '--auto-sign-in'], {
    env: { ...screen.env, BROWSER: script },
    cwd: folder,
  });
  const address = await until('the program to open a browser', () => {
    if (client.hasEnded) throw new Error(`the client ended:\n${client.printed.join('\n')}`);
    return existsSync(noted) && readFileSync(noted, 'utf8');
  }, { withinMs: 60_000 });

  const page = await (await browser.newContext()).newPage();
  await page.goto(address);
  await answer(page, 'ann', 'Sign in');
  await page.getByRole('heading', { name: 'You are signed in' }).waitFor();
  await ben.until('Ben to see Ann', () => ben.sees('Ann'));
});
