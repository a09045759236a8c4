// Two people in two browser tabs of a real Chromium, against a real server.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { GamePage, startBrowser } from './game_page.mjs';
import { getJson, startServer } from './server.mjs';

test('two people meet in two tabs; one walks and speaks, the other sees it', { timeout: 600_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startBrowser(t);
  const ann = await GamePage.open(browser, server.address);
  await ann.signIn('Ann');
  const ben = await GamePage.open(browser, server.address);
  await ben.signIn('Ben');

  await ann.until('Ann to see Ben', () => ann.sees('Ben'));
  const before = await ben.until('Ben to see Ann', () => ben.sees('Ann'));
  assert.deepEqual({ x: before.x, y: before.y }, (await ann.state()).position, 'both know one place of Ann');

  const after = await ann.walk();
  await ben.until('Ben to see Ann where she went', async () => {
    const seen = await ben.sees('Ann');
    const { position } = await ann.state();
    return seen && seen.x === position.x && seen.y === position.y;
  });
  assert.notDeepEqual(after, { x: before.x, y: before.y });

  // Words made of the keys that walk: while she types, she stands still.
  const words = 'wasd, Ben! Café?';
  await ann.settled();
  const { position: standing } = await ann.state();
  await ann.say(words);
  for (const page of [ben, ann]) {
    await page.until('the words to be heard', async () =>
      (await page.state()).chat.some((line) => line.from === 'Ann' && line.text === words));
  }
  assert.deepEqual((await ann.state()).position, standing, 'typing does not walk');

  await ann.page.keyboard.press('1', { delay: 60 });
  for (const page of [ben, ann]) {
    await page.until('the wave to be seen', async () =>
      (await page.state()).chat.some((line) => line.from === 'Ann' && line.seen === 'waves'));
  }

  const health = await getJson(server.address, '/api/health');
  assert.equal(health.capacity.active_sessions, 2);
  assert.equal(health.status, 'ok');

  await ann.screenshot('two_players_ann.png');
  await ben.screenshot('two_players_ben.png');
  assert.deepEqual([...ann.complaints, ...ben.complaints], [], 'nothing red in the developer tools');
  assert.equal(await server.stop(), 0, 'a drained server ends with 0');
});

test('a returning player stands where they left', { timeout: 600_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startBrowser(t);
  const first = await GamePage.open(browser, server.address);
  await first.signIn('Ann');
  await first.walk();
  await first.settled();
  const { position } = await first.state();
  await first.page.close();

  const second = await GamePage.open(browser, server.address);
  await second.signIn('Ann');
  assert.deepEqual((await second.state()).position, position);
});
