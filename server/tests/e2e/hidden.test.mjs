// A tab that is really hidden: another one of the same window stands in front of it, so it gets no frames (FR-008). The
// browser is spoken to directly, because a driver makes every page believe that it is looked at.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';

import { BROWSER, FLAGS } from './game_page.mjs';
import { startScreen } from './screen.mjs';
import { startServer, temporaryFolder, until } from './server.mjs';

/** A browser with a window, and `send` to speak to it (Chrome DevTools Protocol over a pipe). */
function openBrowser(t, env) {
  const flags = [...FLAGS, '--remote-debugging-pipe', `--user-data-dir=${temporaryFolder(t)}`, 'about:blank'];
  const browser = spawn(BROWSER, flags, { env, stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const ended = new Promise((done) => browser.on('exit', done));
  t.after(async () => {
    browser.kill('SIGKILL');
    await ended;
  });
  const waiting = new Map();
  let text = '';
  browser.stdio[4].on('data', (bytes) => {
    text += bytes;
    for (let end = text.indexOf('\0'); end >= 0; end = text.indexOf('\0')) {
      const { id, result, error } = JSON.parse(text.slice(0, end));
      text = text.slice(end + 1);
      waiting.get(id)?.(error ? Promise.reject(new Error(error.message)) : result);
      waiting.delete(id);
    }
  });
  let calls = 0;
  return (method, params = {}, sessionId) => new Promise((answered) => {
    calls += 1;
    waiting.set(calls, answered);
    browser.stdio[3].write(`${JSON.stringify({ id: calls, method, params, sessionId })}\0`);
  });
}

test('a hidden tab notices that the server is away, and is back before anybody looks', { timeout: 600_000 }, async (t) => {
  const server = await startServer(t);
  const { env } = await startScreen(t);
  const send = openBrowser(t, env);
  const { targetId } = await send('Target.createTarget', { url: server.address });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  const evaluate = async (expression) => {
    const { result } = await send('Runtime.evaluate', { expression, returnByValue: true }, sessionId);
    return result.value;
  };
  const state = async () => JSON.parse((await evaluate('window.__tilemud_state?.() ?? "null"')) ?? 'null');
  const reaches = (wanted, withinMs) => until(`the state ${wanted}`, async () => {
    const now = await state();
    return now?.state === wanted || Promise.reject(new Error(JSON.stringify(now?.state)));
  }, { withinMs });

  // As after a reload in the middle of play: nobody is asked anything.
  await until('the game to start', state, { withinMs: 60_000 });
  await evaluate('sessionStorage.setItem("tilemud.playing", "Ann"); location.reload()');
  await reaches('ACTIVE', 60_000);

  const front = await send('Target.createTarget', { url: 'about:blank' });
  await send('Target.activateTarget', { targetId: front.targetId });
  const isHidden = () => evaluate('document.visibilityState === "hidden"');
  await until('the tab to be hidden', isHidden);
  await evaluate('window.drawn = 0; (function count() { requestAnimationFrame(() => { drawn += 1; count(); }); })()');

  const token = () => evaluate('sessionStorage.getItem("tilemud.session")');
  const tokenBefore = await token();
  await server.kill();
  await reaches('RECONNECTING', 60_000);
  // It tries while it is hidden, and nobody answers.
  await until('attempts', async () => (await state()).attempt >= 3, { withinMs: 60_000 });
  await server.again();
  await reaches('ACTIVE', 90_000);
  assert.ok(await isHidden(), 'nobody has looked at it');
  // The token was replaced, and the old one will be worth nothing: a tab that is thrown away and loaded again needs the new one.
  await until('the new token to be kept', async () => (await token()) !== tokenBefore);
  assert.ok(tokenBefore && (await token()));
  assert.equal(await evaluate('drawn'), 0, 'and nothing was drawn');
});
