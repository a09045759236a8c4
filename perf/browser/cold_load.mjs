// Loads the game as a first-time visitor does, over and over, and prints how long each step took:
//
//   LOAD {"browser": "148.0...", "bytes": 1234567, "at_ms": {"downloaded": ..., ..., "playable": ...}}
//
// Each load has a browser process of its own with a new profile, so that nothing is left of an earlier one: no cached
// file, no compiled module, no shader, no remembered name. Times are the page's own clock, whose zero is the start of the
// navigation; starting the browser is not in them. They are taken after the frames that the client draws, in the page
// itself: nothing is polled from outside. The visitor needs no time to think: the name is typed and Enter pressed as soon
// as the form is there, and what that takes is part of the load.

import { parseArgs } from 'node:util';

import { launchBrowser, VIEWPORT } from '../../server/tests/e2e/game_page.mjs';

const { values: options } = parseArgs({
  options: {
    server: { type: 'string' },
    loads: { type: 'string' },
    // Where to leave a screenshot of the last load, taken as soon as it is playable.
    picture: { type: 'string' },
    // Slows the browser's network down to these.
    'rtt-ms': { type: 'string' },
    'mbit-per-s': { type: 'string' },
  },
});

// Whoever started this is gone when its end of the pipe is. The browser ends with this process.
process.stdin.on('end', () => process.exit(1)).resume().unref();

for (let number = 1; number <= Number(options.loads); number += 1) {
  const picture = number === Number(options.loads) ? options.picture : undefined;
  console.log(`LOAD ${JSON.stringify(await load(`Visitor ${number}`, picture))}`);
}

async function load(name, picture) {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: VIEWPORT });
    page.on('pageerror', (error) => console.error(String(error)));
    page.on('console', (message) => message.type() === 'error' && console.error(message.text()));
    await shapeNetwork(page);
    await page.addInitScript(watch);
    await page.goto(options.server, { waitUntil: 'commit' });
    await page.evaluate(() => window.coldLoad.form);
    // Inserted at once, as from the clipboard: how fast somebody types is not the game's doing.
    await page.keyboard.insertText(name);
    await page.keyboard.press('Enter');
    const seen = await page.evaluate(() => window.coldLoad.playable);
    if (picture) await page.screenshot({ path: picture });
    return { browser: browser.version(), ...seen };
  } finally {
    await browser.close();
  }
}

/** As Chromium's developer tools do it: answers come late and slowly, but connections are made at once. */
async function shapeNetwork(page) {
  if (!options['rtt-ms']) return;
  const bytesPerS = Number(options['mbit-per-s']) * 1e6 / 8;
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false, latency: Number(options['rtt-ms']), downloadThroughput: bytesPerS, uploadThroughput: bytesPerS,
  });
}

/**
 * Runs in the page before its own scripts. After each frame of the client it looks at what the client shows, and notes when
 * that was. `coldLoad.form` is resolved with the sign-in form, `coldLoad.playable` with all that was seen.
 */
function watch() {
  // A square of the map that the game's panels and the player's figure leave free, and the fewest colours that ground with
  // its tiles has there: without its tileset the map is of one colour.
  const SQUARE = { left: 0.2, bottom: 0.55, pixels: 96 };
  const GROUND_COLOURS_MIN = 8;

  const at_ms = {};
  const note = (step) => { at_ms[step] ??= performance.now(); };
  let showForm, showWorld;
  window.coldLoad = {
    form: new Promise((resolve) => { showForm = resolve; }),
    playable: new Promise((resolve) => { showWorld = resolve; }),
  };
  window.addEventListener('keydown', ({ key }) => key === 'Enter' && note('entered'), { capture: true });

  const nextFrame = window.requestAnimationFrame.bind(window);
  // Right behind the client's own callback: before that the frame is not drawn, after the callbacks its pixels are gone.
  window.requestAnimationFrame = (draw) => nextFrame((time) => {
    draw(time);
    if (!at_ms.playable && window.__tilemud_state) look();
  });

  function look() {
    note('started');
    const state = JSON.parse(window.__tilemud_state());
    if (!at_ms.offered) {
      const widgets = JSON.parse(window.__tilemud_ui());
      if (!widgets.some(({ role, label, w }) => role === 'Button' && /enter the world/i.test(label) && w > 0)) return;
      note('offered');
      showForm();
    } else if (!at_ms.drawn && state.state === 'ACTIVE' && state.position && isGroundDrawn()) {
      note('drawn');
      nextFrame(faded);
    }
  }

  /** The frame that was drawn has been handed over when the next begins; the page fades its canvas in. */
  function faded() {
    const { opacity } = getComputedStyle(document.querySelector('canvas'));
    if (opacity !== '1') return nextFrame(faded);
    note('playable');
    showWorld(seen());
  }

  /** Reading the pixels waits until they are drawn. */
  function isGroundDrawn() {
    const canvas = document.querySelector('canvas');
    const gl = canvas.getContext('webgl2');
    const { left, bottom, pixels } = SQUARE;
    const bytes = new Uint8Array(4 * pixels * pixels);
    gl.readPixels(canvas.width * left, canvas.height * bottom, pixels, pixels, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
    return new Set(new Uint32Array(bytes.buffer)).size >= GROUND_COLOURS_MIN;
  }

  function seen() {
    const files = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
    const end = (pattern) => files.find(({ name }) => pattern.test(name))?.responseEnd;
    at_ms.downloaded = end(/\.wasm$/);
    at_ms.bootstrapped = end(/\/bootstrap$/);
    return { at_ms, bytes: files.reduce((sum, { transferSize }) => sum + transferSize, 0) };
  }
}
