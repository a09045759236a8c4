// A real nginx with TLS in front of a test's server: a free port, a folder and a certificate of its own, one process.

import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { join } from 'node:path';

import { startProgram, temporaryFolder, until } from './server.mjs';

const nginx = '/usr/sbin/nginx';

/** A port that is free now. */
export async function freePort() {
  const listener = createServer();
  await new Promise((listening) => listener.listen(0, '127.0.0.1', listening));
  const { port } = listener.address();
  await new Promise((closed) => listener.close(closed));
  return port;
}

/** Starts nginx at that port with these lines in its server block, and ends it after the test. */
export async function startProxy(t, port, lines) {
  if (!existsSync(nginx)) throw new Error(`${nginx} is missing; cargo xtask doctor says how to get it`);
  const folder = temporaryFolder(t);
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', 'key.pem', '-out', 'cert.pem',
  ], { cwd: folder, stdio: 'pipe' });
  writeFileSync(join(folder, 'config'), `
    daemon off; master_process off; pid nginx.pid; error_log stderr error;
    events { worker_connections 64; }
    http {
      access_log off;
      client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi;
      scgi_temp_path scgi;
      map $http_upgrade $connection_upgrade { default upgrade; '' close; }
      server {
        listen 127.0.0.1:${port} ssl;
        ssl_certificate cert.pem; ssl_certificate_key key.pem;
        proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
        ${lines}
      }
    }`);
  const proxy = startProgram(t, nginx, ['-p', '.', '-e', 'stderr', '-c', 'config'], { cwd: folder });
  await until('nginx to listen', () => {
    if (proxy.hasEnded) throw new Error(`nginx ended:\n${proxy.printed.join('\n')}`);
    return new Promise((tried) => {
      const socket = connect(port, '127.0.0.1', () => { socket.destroy(); tried(true); });
      socket.on('error', () => tried(false));
    });
  });
}
