// What the page itself does: the picture that a graphics card takes away, a program that stops, one that does not arrive,
// keys that are the browser's, keys by their place (FR-015).

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { GamePage, VIEWPORT, startBrowser } from './game_page.mjs';
import { startServer } from './server.mjs';

/** A tab with the game in it, whose page first runs `script`. */
async function openWith(browser, address, script) {
  const context = await browser.newContext({ viewport: VIEWPORT });
  await context.addInitScript(script);
  const game = new GamePage(await context.newPage());
  await game.page.goto(address);
  return game;
}

const inTheWorld = (game) => game.until('the world', async () => {
  const state = await game.state();
  return state?.state === 'ACTIVE' && state.position;
});

test('a picture that the graphics card takes away comes back, with what was typed', { timeout: 600_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startBrowser(t);
  const ann = await GamePage.open(browser, server.address);
  await ann.signIn('Ann');
  await ann.screenshot('before_context_lost.png');
  await ann.page.keyboard.press('Enter');
  await ann.framesDrawn(2);
  await ann.page.keyboard.type('half a thought');
  await ann.shows(/^half a thought$/);
  const { reconnects, entity_id } = await ann.state();

  for (let round = 0; round < 2; round += 1) {
    const first = await ann.page.evaluateHandle(() => document.getElementById('game'));
    await ann.page.evaluate(() => document.getElementById('game').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext());
    await ann.until('another picture', () => ann.page.evaluate((first) => {
      const now = document.getElementById('game');
      return now !== first && !now.getContext('webgl2').isContextLost();
    }, first));
    await ann.screenshot('after_context_lost.png');
  }
  assert.equal(await ann.page.locator('#trouble').isVisible(), false);
  assert.equal(await ann.page.locator('canvas').count(), 1);
  await ann.shows(/^half a thought$/);
  const after = await ann.state();
  assert.deepEqual([after.state, after.reconnects, after.entity_id], ['ACTIVE', reconnects, entity_id]);
  await ann.page.keyboard.press('Enter');
  await ann.framesDrawn(2);
  await ann.page.keyboard.press('Enter');
  await ann.until('the words to be heard', async () => (await ann.state()).chat.some(({ text }) => text === 'half a thought'));
  await ann.walk();
});

test('a picture that does not come back is told in words, with a button', { timeout: 600_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startBrowser(t);
  const ann = await GamePage.open(browser, server.address);
  await ann.signIn('Ann');
  await ann.page.evaluate(() => {
    const picture = document.getElementById('game').getContext('webgl2');
    const given = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = () => null;
    window.giveAgain = () => (HTMLCanvasElement.prototype.getContext = given);
    picture.getExtension('WEBGL_lose_context').loseContext();
  });
  await ann.page.getByText('The picture is gone').waitFor({ timeout: 90_000 });
  await ann.page.getByRole('button', { name: 'Reload and play on' }).waitFor();
  await ann.page.evaluate(() => window.giveAgain());
  await ann.page.getByText('The picture is gone').waitFor({ state: 'hidden', timeout: 90_000 });
  await ann.screenshot('picture_given_again.png');
});

test('a frame that throws ends in words, a report and a button that leads back into the world', { timeout: 600_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startBrowser(t);
  const ann = await GamePage.open(browser, server.address);
  await ann.signIn('Ann');
  await ann.walk();
  await ann.settled();
  const { position: walked } = await ann.state();
  await ann.page.evaluate(() => {
    WebGL2RenderingContext.prototype.drawElements = () => {
      throw new Error('the driver has had enough');
    };
  });
  await ann.page.getByText('The game has stopped').waitFor({ timeout: 90_000 });
  const report = await ann.page.locator('#trouble-report').textContent();
  assert.match(report, /the driver has had enough/);
  assert.match(report, /tilemud-[0-9a-f]{16}\.js/);
  await ann.page.getByRole('button', { name: 'Copy the report' }).waitFor();
  await ann.page.getByRole('button', { name: 'Reload and play on' }).click();
  await inTheWorld(ann);
  assert.deepEqual((await ann.state()).position, walked);
});

test('a program that does not arrive, or a browser without pictures, gets words and a button', { timeout: 600_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startBrowser(t);
  for (const file of ['**/*.wasm', '**/*.js']) {
    const context = await browser.newContext({ viewport: VIEWPORT });
    const page = await context.newPage();
    await page.route(file, (route) => route.fulfill({ status: 404, body: 'gone' }));
    await page.goto(server.address);
    await page.getByText('The game did not arrive').waitFor({ timeout: 90_000 });
    await page.unroute(file);
    await page.getByRole('button', { name: /^Reload/ }).click();
    await page.waitForFunction(() => '__tilemud_state' in window, undefined, { timeout: 180_000 });
  }
  const blind = await openWith(browser, server.address, () => {
    HTMLCanvasElement.prototype.getContext = () => null;
  });
  await blind.page.getByText('The game could not start').waitFor({ timeout: 90_000 });
});

test('a card that takes no picture as large as the tileset draws the same world', { timeout: 600_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startBrowser(t);
  const ann = await openWith(browser, server.address, () => {
    const answer = WebGL2RenderingContext.prototype.getParameter;
    WebGL2RenderingContext.prototype.getParameter = function (name) {
      return name === WebGL2RenderingContext.MAX_TEXTURE_SIZE ? 1024 : answer.call(this, name);
    };
  });
  await ann.until('the game to start', () => ann.page.evaluate(() => '__tilemud_state' in window), { withinMs: 60_000 });
  await ann.signIn('Ann');
  await ann.screenshot('small_textures.png');
  assert.equal(await ann.page.locator('#trouble').isVisible(), false);
});

test('keys are meant by place, help and diagnostics are not the browser\'s, and combinations are', { timeout: 600_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startBrowser(t);
  const ann = await openWith(browser, server.address, () => {
    window.kept = {};
    addEventListener('keydown', (event) => {
      setTimeout(() => (window.kept[`${event.altKey ? 'Alt+' : ''}${event.ctrlKey ? 'Ctrl+' : ''}${event.code}`] = event.defaultPrevented));
    }, { capture: true });
  });
  await ann.until('the game to start', () => ann.page.evaluate(() => '__tilemud_state' in window), { withinMs: 60_000 });
  await ann.signIn('Ann');
  const keyboard = await ann.page.context().newCDPSession(ann.page);
  const press = async (key, code, modifiers = 0) => {
    const text = modifiers || key.length > 1 ? {} : { text: key };
    await keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code, modifiers, ...text });
    await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code, modifiers });
  };
  // A French, a Russian and a Dvorak keyboard, at the places of D, A, S and W.
  const layouts = [['d', 'q', 's', 'z'], ['в', 'ф', 'ы', 'ц'], ['e', 'a', 'o', ',']];
  const places = ['KeyD', 'KeyA', 'KeyS', 'KeyW'];
  for (const layout of layouts) {
    const { position: start } = await ann.state();
    let moved = false;
    for (const [index, key] of layout.entries()) {
      await press(key, places[index]);
      moved ||= await ann.until('a step', async () => {
        const { position } = await ann.state();
        return position.x !== start.x || position.y !== start.y;
      }, { withinMs: 15_000 }).catch(() => false);
      if (moved) break;
    }
    assert.ok(moved, `the places of W A S D walk with ${layout}`);
    await ann.settled();
  }
  const { position: standing } = await ann.state();
  await press('F1', 'F1');
  await ann.shows(/How to play/);
  await press('F3', 'F3');
  await ann.shows(/Diagnostics/);
  await press('ArrowLeft', 'ArrowLeft', 1);
  await press('s', 'KeyS', 2);
  await ann.until('all keys to be noted', () => ann.page.evaluate(() => 'Alt+ArrowLeft' in window.kept && 'Ctrl+KeyS' in window.kept));
  const kept = await ann.page.evaluate(() => window.kept);
  assert.deepEqual([kept.F1, kept.F3], [true, true], 'kept from the browser');
  assert.deepEqual([kept['Alt+ArrowLeft'], kept['Ctrl+KeyS']], [false, false], 'left to the browser');
  await ann.settled();
  assert.deepEqual((await ann.state()).position, standing, 'combinations do not walk');
});
