// A virtual screen for the native client, and what is on it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { decodeXwd } from './picture.mjs';
import { startProgram, temporaryFolder, until } from './server.mjs';

/**
 * Starts a virtual screen on a free display and keeps it until the test ends. Programs with `env` draw on it, with
 * software OpenGL.
 */
export async function startScreen(t) {
  const folder = temporaryFolder(t);
  const screen = startProgram(t, 'Xvfb', [
    '-displayfd', '1', '-screen', '0', '1024x720x24', '-fbdir', folder, '-nolisten', 'tcp', '-noreset',
  ]);
  const display = await until('Xvfb to name its display', () => screen.lines.find((line) => /^\d+$/.test(line)));
  const env = { ...process.env, DISPLAY: `:${display}`, LIBGL_ALWAYS_SOFTWARE: '1' };
  delete env.WAYLAND_DISPLAY;
  return { env, picture: () => decodeXwd(readFileSync(join(folder, 'Xvfb_screen0'))) };
}
