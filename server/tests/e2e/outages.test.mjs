// A real browser loses its server, the server's cache and store, its network, its version, and comes back (FR-008, FR-015, T024, T025, T052, T053).

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { GamePage, startBrowser } from './game_page.mjs';
import { startLine } from './line.mjs';
import { getJson, startServer, temporaryFolder, until } from './server.mjs';
import { startPostgres, startRedis } from './services.mjs';

test('s8 a server that is killed is told, waited for and come back to, and nothing typed or walked is lost', { timeout: 600_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startBrowser(t);
  const ann = await GamePage.open(browser, server.address);
  await ann.signIn('Ann');
  await ann.walk();
  await ann.settled();
  const { position: walked } = await ann.state();

  await server.kill();
  await ann.reaches('RECONNECTING', { withinMs: 60_000 });
  await ann.shows(/Connection lost/);
  await ann.shows(/Attempt \d of 5/);
  await ann.page.keyboard.press('Enter');
  await ann.framesDrawn(2);
  await ann.page.keyboard.type('is anybody there?');
  await ann.shows(/^is anybody there\?$/);
  await ann.page.keyboard.press('Enter');
  await ann.shows(/Nobody can hear you right now\. Your words stay here\./);

  const back = await server.again();
  await ann.reaches('ACTIVE', { withinMs: 60_000 });
  assert.deepEqual((await ann.state()).position, walked, 'what was acknowledged is there');
  await ann.shows(/^is anybody there\?$/);
  await ann.page.keyboard.press('Enter');
  await ann.until('the words to be heard', async () =>
    (await ann.state()).chat.some(({ from, text }) => from === 'Ann' && text === 'is anybody there?'));
  await ann.walk();
  assert.equal(await back.stop(), 0);
});

test('a server that is away for long is come back to behind the card, at once when the page is looked at', { timeout: 600_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startBrowser(t);
  const ann = await GamePage.open(browser, server.address);
  const ben = await GamePage.open(browser, server.address);
  await ann.signIn('Ann');
  await ben.signIn('Ben');
  await server.kill();
  for (const page of [ann, ben]) await page.reaches('RETRY_LIMIT_REACHED', { withinMs: 60_000 });
  await ann.shows(/Still no connection/);
  await ann.shows(/It goes on trying, next in \d+ s/);
  await ann.widget('Button', /^Try again$/);

  // With twice as long to go until it would try by itself as it has now to come back.
  await ann.shows(/next in (2\d|30) s/, { withinMs: 300_000 });
  await server.again();
  await ann.page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await ann.reaches('ACTIVE', { withinMs: 10_000 });
  // Nobody looks at the other page.
  await ben.reaches('ACTIVE', { withinMs: 90_000 });
});

test('s3 a cut of the network under four seconds doubles no step and needs nobody', { timeout: 600_000 }, async (t) => {
  const server = await startServer(t);
  const line = await startLine(t, server.address);
  const browser = await startBrowser(t);
  const ann = await GamePage.open(browser, line.address);
  await ann.signIn('Ann');
  await ann.walk();
  await ann.settled();

  line.silence();
  await ann.page.keyboard.press('ArrowRight', { delay: 60 });
  await ann.page.keyboard.press('ArrowLeft', { delay: 60 });
  await ann.shows(/Waiting for the server/);
  // As many steps as frames had time for while a key was down.
  const { unanswered, predicted } = await ann.state();
  line.cut();
  line.speak();
  await ann.reaches('RECONNECTING');
  line.mend();
  await ann.reaches('ACTIVE');
  await ann.settled();
  const { position, reconnects } = await ann.state();
  assert.ok(unanswered >= 1, 'something was under way');
  assert.ok(reconnects >= 1, 'the same session');
  assert.deepEqual(position, predicted, 'no step twice, and none lost');
  const seen = await until('the server to say the same', async () => {
    const { capacity } = await getJson(server.address, '/api/health');
    return capacity.active_sessions === 1 && (await ann.state()).predicted;
  });
  assert.deepEqual(seen, position);
});

test('a silent server is told after two seconds, a device without network at once, and both are over when they are', { timeout: 600_000 }, async (t) => {
  const server = await startServer(t);
  const line = await startLine(t, server.address);
  const browser = await startBrowser(t);
  const ann = await GamePage.open(browser, line.address);
  await ann.signIn('Ann');
  line.silence();
  await ann.shows(/Waiting for the server/, { withinMs: 60_000 });
  line.speak();
  await ann.shows(/^Online$/);

  await ann.page.context().setOffline(true);
  await ann.shows(/No network/, { withinMs: 60_000 });
  await ann.shows(/This device says that it has no network/, { withinMs: 60_000 });
  assert.match((await ann.state()).state, /RECONNECTING|RETRY_LIMIT_REACHED/);
  await ann.page.context().setOffline(false);
  await ann.reaches('ACTIVE', { withinMs: 25_000 });
  await ann.shows(/^Online$/);
});

test('s5 with redis stopped the page says so and play goes on, and with redis back it says so no more', { timeout: 600_000 }, async (t) => {
  const redis = await startRedis(t);
  const server = await startServer(t, ['--redis-url', redis.url]);
  const browser = await startBrowser(t);
  const ann = await GamePage.open(browser, server.address);
  await ann.signIn('Ann');
  await ann.shows(/^Online$/);

  await redis.stop();
  await ann.reaches('DEGRADED');
  await ann.shows(/^Degraded$/);
  await ann.shows(/The server runs without its cache for now\. You can play on\./);
  await ann.screenshot('s5_without_redis.png');
  await ann.walk();
  await ann.say('it goes on');
  await ann.until('the words to be heard', async () => (await ann.state()).chat.some(({ text }) => text === 'it goes on'));
  await ann.settled();
  const { position: walked } = await ann.state();
  // Who comes now comes in, and is told as well.
  const ben = await GamePage.open(browser, server.address);
  await ben.click('TextInput', /name/i);
  await ben.page.keyboard.type('Ben');
  await ben.page.keyboard.press('Enter');
  await ben.reaches('DEGRADED');

  await redis.start();
  for (const page of [ann, ben]) {
    await page.reaches('ACTIVE');
    await page.shows(/^Online$/);
    await page.shows(/The server is back at full strength\./);
  }
  assert.deepEqual((await ann.state()).position, walked);
  assert.equal((await ann.state()).reconnects, 0, 'the connection was there all the time');
  await ann.walk();
});

test('s6 with postgres stopped nothing is acknowledged, the page says that the world waits, and play resumes by itself', { timeout: 600_000 }, async (t) => {
  const postgres = await startPostgres(t);
  const server = await startServer(t, ['--database-url', postgres.url]);
  const browser = await startBrowser(t);
  const ann = await GamePage.open(browser, server.address);
  await ann.signIn('Ann');
  await ann.walk();
  await ann.settled();
  const { position: walked } = await ann.state();

  await postgres.stop();
  // Nobody knows of it yet.
  await ann.say('said into the outage');
  await ann.reaches('UNAVAILABLE');
  await ann.shows(/^World paused$/);
  await ann.shows(/The world is paused/);
  await ann.shows(/Its store cannot be reached\. Nothing is lost; it goes on by itself\./);
  // Refused, they are back in their field; taken just before the outage was known, they are answered after it.
  await ann.page.keyboard.press('Enter');
  await ann.framesDrawn(2);
  await ann.page.keyboard.press('End');
  await ann.page.keyboard.type(' typed in the outage');
  await ann.shows(/ typed in the outage$/);
  await ann.page.keyboard.press('Enter');
  await ann.shows(/Nobody can hear you right now\. Your words stay here\./);
  await ann.shows(/ typed in the outage$/);
  await ann.screenshot('s6_without_postgres.png');
  const { status } = await fetch(`${server.address}/readyz`);
  const during = await ann.state();
  assert.equal(status, 503);
  assert.deepEqual(during.position, walked);
  assert.ok(!during.chat.some(({ from }) => from === 'Ann'), 'what is not stored was not said');

  await postgres.start();
  await ann.reaches('ACTIVE');
  await ann.shows(/^Online$/);
  await ann.shows(/ typed in the outage$/);
  // Enter says what stands in the field, which has the keyboard still.
  const said = async () => (await ann.state()).chat.filter(({ from }) => from === 'Ann').map(({ text }) => text).join('|');
  for (const words of ['typed in the outage', 'said into the outage']) {
    await ann.until(`"${words}" to be heard`, async () => {
      if ((await said()).includes(words)) return true;
      const isTyped = ({ role, label }) => role === 'TextRun' && label.includes(words);
      if ((await ann.widgets()).some(isTyped)) {
        await ann.page.keyboard.press('Enter');
        // Looked at any sooner the words still stand there, and a second Enter opens the empty field: arrows stay in it.
        await ann.framesDrawn(2);
      }
      return false;
    });
  }
  await ann.settled();
  for (const words of ['said into the outage', 'typed in the outage']) {
    assert.equal((await said()).split(words).length, 2, `${words}, once: ${await said()}`);
  }
  await ann.walk();
});

test('s10 a version that changes in the middle of play is told, and the reload leads back into the world', { timeout: 600_000 }, async (t) => {
  const config = join(temporaryFolder(t), 'tilemud.toml');
  writeFileSync(config, '');
  const server = await startServer(t, ['--config', config]);
  const browser = await startBrowser(t);
  const ann = await GamePage.open(browser, server.address);
  await ann.signIn('Ann');
  await ann.walk();
  await ann.settled();
  const { position: walked } = await ann.state();
  const { version } = await ann.state();

  writeFileSync(config, 'accept_version = "9.9.9+0badc0de"\n');
  server.signal('SIGHUP');
  await ann.reaches('UPDATE_REQUIRED');
  await ann.shows(/The server runs 9\.9\.9\+0badc0de/);
  await ann.shows(new RegExp(version.replace(/[+.]/g, '\\$&')));
  // Who comes now is told as well (S4).
  const ben = await GamePage.open(browser, server.address);
  await ben.click('TextInput', /name/i);
  await ben.page.keyboard.type('Ben');
  await ben.page.keyboard.press('Enter');
  await ben.reaches('UPDATE_REQUIRED');
  await ben.shows(/Update required/);

  writeFileSync(config, `accept_version = "${version}"\n`);
  server.signal('SIGHUP');
  await until('the server to take this build again', async () =>
    (await getJson(server.address, '/api/version')).version === version);
  await ann.click('Button', /^Reload$/);
  await ann.until('the world again, without the form', async () => {
    const { state, name } = await ann.state();
    return state === 'ACTIVE' && name === 'Ann';
  });
  assert.deepEqual((await ann.state()).position, walked);
});

test('a page that is loaded again is in the world again with its session, and one that was left is not', { timeout: 600_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startBrowser(t);
  const ann = await GamePage.open(browser, server.address);
  await ann.signIn('Ann');
  await ann.walk();
  await ann.settled();
  const { position: walked } = await ann.state();
  const { entity_id } = await ann.state();
  await ann.page.reload();
  await ann.until('the world again', async () => (await ann.state()).state === 'ACTIVE' && (await ann.state()).position);
  const again = await ann.state();
  assert.deepEqual([again.name, again.position, again.entity_id], ['Ann', walked, entity_id]);
  assert.equal((await getJson(server.address, '/api/health')).capacity.active_sessions, 1);
  await ann.walk();

  await ann.click('Button', /^Leave$/);
  await ann.reaches('SESSION_ENDED');
  await ann.framesDrawn(3);
  await ann.page.reload();
  await ann.widget('TextInput', /name/i);
  assert.equal((await ann.state()).state, 'SIGN_IN');
});
