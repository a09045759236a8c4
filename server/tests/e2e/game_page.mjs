// The game in a browser tab, used as a person would: by looking for what is on the screen, clicking and typing. The
// canvas has no elements of its own; the client tells what it shows and knows through two functions on `window`.

import { existsSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

import { colourCount, decodePng } from './picture.mjs';
import { screenshotPath, until } from './server.mjs';

/** Fewer colours than this and the map cannot have been drawn. */
const DRAWN_COLOURS_MIN = 24;

/** What a tab of the game shows, CSS pixels. */
export const VIEWPORT = { width: 960, height: 640 };

/** The Chromium of the machine. */
export const BROWSER = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** With software OpenGL, and without what it would like to fetch. */
export const FLAGS = [
  '--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-quic',
  '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** Starts it with a new profile. */
export async function launchBrowser() {
  if (!existsSync(BROWSER)) throw new Error(`${BROWSER} is missing; cargo xtask doctor says how to get it`);
  return chromium.launch({ executablePath: BROWSER, args: FLAGS });
}

/** The same, ended after the test. */
export async function startBrowser(t) {
  const browser = await launchBrowser();
  t.after(() => browser.close());
  return browser;
}

/** One tab with the game in it, in a profile of its own. */
export class GamePage {
  static async open(browser, address, options = {}) {
    const context = await browser.newContext({ viewport: VIEWPORT, ...options });
    const game = new GamePage(await context.newPage());
    await game.page.goto(address);
    await game.until('the game to start in the tab', () => game.page.evaluate(() => '__tilemud_state' in window), {
      withinMs: 60_000,
    });
    return game;
  }

  constructor(page) {
    this.page = page;
    /** What a person would find red in the developer tools. */
    this.complaints = [];
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && this.complaints.push(message.text()));
  }

  /** As `until`; a failure tells what the page knows and shows, and leaves a screenshot. */
  async until(what, probe, options) {
    try {
      return await until(what, probe, options);
    } catch (error) {
      const picture = screenshotPath(`failed_${Date.now()}.png`);
      await this.page.screenshot({ path: picture }).catch(() => {});
      const tell = (name) => this.page.evaluate((name) => window[name]?.(), name).catch(String);
      throw new Error([
        error.message, `picture: ${picture}`, `complaints: ${this.complaints.join('\n')}`,
        `state: ${await tell('__tilemud_state')}`, `screen: ${await tell('__tilemud_ui')}`,
      ].join('\n'));
    }
  }

  /** What the client knows: state, name, position, entities, chat, tick, version. */
  async state() {
    return JSON.parse(await this.page.evaluate(() => window.__tilemud_state()));
  }

  /** What is on the screen: role, label, x, y, w, h of each widget. */
  async widgets() {
    return JSON.parse(await this.page.evaluate(() => window.__tilemud_ui()));
  }

  /** Waits until something with this text is on the screen. */
  async shows(text, options) {
    return this.until(`${text} on the screen`, async () =>
      (await this.widgets()).some(({ label, w, h }) => text.test(label) && w > 0 && h > 0), options);
  }

  /** Waits for the state of the session. */
  async reaches(state, options) {
    return this.until(`the state ${state}`, async () => (await this.state()).state === state, options);
  }

  async widget(role, label) {
    return this.until(`a ${role} labelled ${label} on the screen`, async () => {
      const widgets = await this.widgets();
      return widgets.find((widget) => widget.role === role && label.test(widget.label) && widget.w > 0 && widget.h > 0);
    });
  }

  async click(role, label) {
    // What has just appeared may still move by a frame.
    const { x, y, w, h } = await this.until(`a ${role} labelled ${label} to stand still`, async () => {
      const before = await this.widget(role, label);
      await this.framesDrawn(2);
      const after = await this.widget(role, label);
      return before.x === after.x && before.y === after.y && after;
    });
    await this.page.mouse.click(x + w / 2, y + h / 2);
  }

  /** Types the name into its field, presses the button and waits to be in the world. */
  async signIn(name) {
    await this.click('TextInput', /name/i);
    await this.page.keyboard.press('Control+a');
    await this.page.keyboard.type(name);
    await this.until('the name to stand in its field', async () => (await this.widgets()).some(({ label }) => label === name));
    await this.framesDrawn(2);
    await this.click('Button', /enter the world/i);
    await this.until(`${name} to be in the world`, async () => {
      const state = await this.state();
      return state.state === 'ACTIVE' && state.name === name && state.position;
    });
  }

  /** Waits for that many frames: what was typed in one frame enables in the next what is clicked then. */
  async framesDrawn(count) {
    await this.page.evaluate(async (count) => {
      for (let n = 0; n < count; n += 1) await new Promise((drawn) => requestAnimationFrame(drawn));
    }, count);
  }

  /** The other player of that name, as this page sees it. */
  async sees(name) {
    return (await this.state()).entities.find((entity) => entity.kind === 'player' && entity.name === name);
  }

  /** Waits until every intent is answered. */
  async settled() {
    await this.until('every step to be answered', async () => (await this.state()).unanswered === 0);
  }

  /**
   * Taps one arrow key after the other until a tap has moved the player one tile. Gives the new position. One tap at a
   * time: the client remembers quick ones and walks them off later.
   */
  async walk() {
    const { position: start } = await this.state();
    const hasMoved = async () => {
      const { position } = await this.state();
      return (position.x !== start.x || position.y !== start.y) && position;
    };
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp']) {
      await this.page.keyboard.press(key, { delay: 60 });
      const position = await until('a step', hasMoved, { withinMs: 4_000 }).catch(() => undefined);
      if (position) return position;
    }
    return this.until('a step in any direction', hasMoved);
  }

  /** Enter, the words, Enter. */
  async say(text) {
    await this.page.keyboard.press('Enter');
    await this.framesDrawn(2);
    await this.page.keyboard.type(text);
    await this.until('the words to stand in their field', async () =>
      (await this.widgets()).some(({ role, label }) => role === 'TextRun' && label === text));
    await this.page.keyboard.press('Enter');
  }

  /** Writes the screenshot, which must show a drawn world. */
  async screenshot(name) {
    await this.until(`a drawn world in ${name}`, async () => {
      const file = await this.page.screenshot();
      writeFileSync(screenshotPath(name), file);
      return colourCount(decodePng(file)) >= DRAWN_COLOURS_MIN;
    });
  }
}
