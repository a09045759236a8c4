// Programs in another language, written from the protocol's page alone, against a real server.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inCheckout, startProgram, startServer } from './server.mjs';

test('a Python program signs in over JSON, walks, talks and finds its rows in the store', { timeout: 600_000 }, async (t) => {
  const server = await startServer(t);
  const script = startProgram(t, 'python3', ['-B', '-m', 'unittest', '-v', 'test_protocol'], {
    cwd: inCheckout('server/tests/e2e'),
    env: { ...process.env, TILEMUD_ADDRESS: server.address, TILEMUD_DATABASE: server.database },
  });
  const { code } = await script.ended;
  const printed = script.printed.join('\n');
  assert.equal(code, 0, printed);
  assert.match(printed, /Ran [1-9]\d* tests/);
  assert.doesNotMatch(printed, / skipped |skipped=/);
});

test('the bot of the documents wanders and greets', { timeout: 600_000 }, async (t) => {
  const server = await startServer(t);
  const bot = (name, steps) => startProgram(t, 'python3', ['-B', inCheckout('docs/bot.py'), server.address, name, String(steps)]);
  // The first is still about when the second enters, and greets it.
  const rover = bot('Rover', 60);
  const pixel = bot('Pixel', 20);
  for (const { ended, printed } of [pixel, rover]) {
    assert.equal((await ended).code, 0, printed.join('\n'));
    assert.match(printed.join('\n'), /(Rover|Pixel) stands at \d+, \d+/);
  }
});
