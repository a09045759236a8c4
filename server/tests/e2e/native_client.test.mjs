// The native client in a real window of a virtual screen, seen by a player in a browser.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';

import { GamePage, startBrowser } from './game_page.mjs';
import { colourCount, encodePng } from './picture.mjs';
import { startScreen } from './screen.mjs';
import { clientBinary, getJson, screenshotPath, startProgram, startServer, temporaryFolder, until } from './server.mjs';

/** Fewer colours than this and the map cannot have been drawn. */
const DRAWN_COLOURS_MIN = 24;

test('the native client signs in, is drawn, and a player in a browser sees it walk', { timeout: 600_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startBrowser(t);
  const ben = await GamePage.open(browser, server.address);
  await ben.signIn('Ben');

  const screen = await startScreen(t);
  const { env } = screen;
  const client = startProgram(t, clientBinary, ['--server', server.address, '--name', 'Ann', '--auto-sign-in'], {
    env,
    cwd: temporaryFolder(t),
  });
  const start = await until('Ben to see Ann', () => {
    if (client.hasEnded) throw new Error(`the client ended:\n${client.printed.join('\n')}`);
    return ben.sees('Ann');
  }, { withinMs: 60_000 });
  const { capacity } = await getJson(server.address, '/api/health');
  assert.equal(capacity.active_sessions, 2);

  const xdotool = (...args) => execFileSync('xdotool', args, { env, encoding: 'utf8', timeout: 90_000 }).trim();
  const window = await until('the window', () => xdotool('search', '--onlyvisible', '--pid', String(client.child.pid)).split('\n')[0]);
  const keys = ['Right', 'Down', 'Left', 'Up'];
  let presses = 0;
  await until('Ben to see Ann walk', async () => {
    const ann = await ben.sees('Ann');
    if (ann.x !== start.x || ann.y !== start.y) return true;
    const key = keys[Math.floor(presses++ / 4) % keys.length];
    xdotool('windowfocus', '--sync', window, 'key', '--delay', '60', key);
    return false;
  });

  await until('a drawn world in the window', () => {
    const picture = screen.picture();
    writeFileSync(screenshotPath('native_client.png'), encodePng(picture));
    return colourCount(picture) >= DRAWN_COLOURS_MIN;
  });
});
