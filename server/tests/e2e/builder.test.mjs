// A builder paints while somebody plays: the page shows the new map without coming in anew.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { GamePage, startBrowser } from './game_page.mjs';
import { decodePng } from './picture.mjs';
import { runServer, screenshotPath, startServer, temporaryFolder } from './server.mjs';

/** Tiles of sand in the tileset of the kit, four rows of four; those of the shallow sea are four columns before. */
const sand = (tile) => {
  const [row, column] = [Math.floor((tile - 1) / 36), (tile - 1) % 36];
  return row < 4 && column >= 8 && column < 12;
};

test('the world is painted anew while it is played, by saving the map', { timeout: 600_000 }, async (t) => {
  const folder = join(temporaryFolder(t), 'world');
  await runServer(['world', 'new', folder]);
  const map = join(folder, 'island.tmx');
  const server = await startServer(t, ['--world', map, '--watch']);
  const browser = await startBrowser(t);
  const ann = await GamePage.open(browser, server.address);
  await ann.signIn('Ann');
  const stands = (name) => ann.until(`${name} to stand there`, async () =>
    (await ann.state()).entities.some((entity) => entity.kind === 'npc' && entity.name === name));
  await stands('Finn');
  await ann.screenshot('builder_before.png');

  // Water for sand, and another name for the fisher.
  const drawn = readFileSync(map, 'utf8');
  const [layer] = drawn.match(/<layer id="1"[\s\S]*?<\/layer>/);
  const painted = layer.replace(/\d+(?=,)/g, (tile) => (sand(+tile) ? `${+tile - 4}` : tile));
  assert.notEqual(painted, layer);
  writeFileSync(map, drawn.replace(layer, painted).replace('name="Finn"', 'name="Fiona"'));

  await stands('Fiona');
  await ann.until('the new map to be drawn', () => server.printed.some((line) => line.includes('the map was edited')));
  const { state, reconnects } = await ann.state();
  assert.deepEqual({ state, reconnects }, { state: 'ACTIVE', reconnects: 0 });
  await ann.walk();
  await ann.framesDrawn(5);
  await ann.screenshot('builder_after.png');
  const [before, after] = ['builder_before.png', 'builder_after.png'].map((name) => decodePng(readFileSync(screenshotPath(name))));
  const differing = before.rgb.filter((value, index) => Math.abs(value - after.rgb[index]) > 24).length;
  assert.ok(differing > before.rgb.length / 20, `${differing} of ${before.rgb.length} differ`);

  // What cannot be used is refused where the builder sees it, and the world goes on.
  writeFileSync(map, drawn.slice(0, 2_000));
  await ann.until('the log to say why', () => server.printed.some((line) => line.includes('is not taken')));
  await ann.say('still here');
  await ann.until('her words', async () => (await ann.state()).chat.some((line) => line.text === 'still here'));
  assert.deepEqual(ann.complaints, []);
  assert.equal(await server.stop(), 0);
});
