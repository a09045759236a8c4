// Screenshots as numbers: enough of PNG to write one and to count colours, and the XWD that Xvfb keeps of its screen.

import { crc32 as nodeCrc32, deflateSync, inflateSync } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

const crcTable = Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit += 1) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});

function crc32(bytes) {
  if (nodeCrc32) return nodeCrc32(bytes);
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** PNG of `{width, height, rgb}`. */
export function encodePng({ width, height, rgb }) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) rgb.copy(rows, y * (1 + width * 3) + 1, y * width * 3, (y + 1) * width * 3);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** `{width, height, rgb}` of an 8-bit RGB or RGBA PNG without interlacing, as browsers write them. */
export function decodePng(file) {
  let [at, width, height, channels] = [signature.length, 0, 0, 0];
  const data = [];
  while (at < file.length) {
    const size = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    const body = file.subarray(at + 8, at + 8 + size);
    if (type === 'IHDR') {
      [width, height, channels] = [body.readUInt32BE(0), body.readUInt32BE(4), { 2: 3, 6: 4 }[body[9]]];
      if (body[8] !== 8 || !channels || body[12] !== 0) throw new Error('a kind of PNG that browsers do not write');
    } else if (type === 'IDAT') data.push(body);
    at += size + 12;
  }
  const packed = inflateSync(Buffer.concat(data));
  const stride = width * channels;
  const pixels = Buffer.alloc(stride * height);
  const paeth = (a, b, c) => {
    const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
    if (pa <= pb && pa <= pc) return a;
    return pb <= pc ? b : c;
  };
  for (let y = 0; y < height; y += 1) {
    const filter = packed[y * (stride + 1)];
    for (let x = 0; x < stride; x += 1) {
      const here = y * stride + x;
      const left = x >= channels ? pixels[here - channels] : 0;
      const up = y > 0 ? pixels[here - stride] : 0;
      const corner = x >= channels && y > 0 ? pixels[here - stride - channels] : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      pixels[here] = (packed[y * (stride + 1) + 1 + x] + guess) & 0xff;
    }
  }
  const rgb = Buffer.alloc(width * height * 3);
  for (let n = 0; n < width * height; n += 1) pixels.copy(rgb, n * 3, n * channels, n * channels + 3);
  return { width, height, rgb };
}

/** `{width, height, rgb}` of the 32-bit XWD file in which Xvfb keeps its screen. */
export function decodeXwd(file) {
  const word = (n) => file.readUInt32BE(n * 4);
  const [headerSize, width, height, lsbFirst, bitsPerPixel, stride, colours] =
    [word(0), word(4), word(5), word(7) === 0, word(11), word(12), word(19)];
  if (bitsPerPixel !== 32) throw new Error(`${bitsPerPixel} bits per pixel; start Xvfb with depth 24`);
  const start = headerSize + colours * 12;
  const rgb = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = start + y * stride + x * 4;
      const pixel = lsbFirst ? file.readUInt32LE(from) : file.readUInt32BE(from);
      rgb.writeUIntBE(pixel & 0xffffff, (y * width + x) * 3, 3);
    }
  }
  return { width, height, rgb };
}

/** How many different colours a picture has: one or two mean that nothing was drawn. */
export function colourCount({ rgb }) {
  const seen = new Set();
  for (let at = 0; at + 2 < rgb.length; at += 3) seen.add(rgb.readUIntBE(at, 3));
  return seen.size;
}
