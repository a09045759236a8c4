// Load generator for the Colyseus server beside it: one thread, epoll, raw WebSocket frames; it counts and does not decode state.
// Latency of an ack is measured from the intended send time of its move, so that a stall shows in every move it delayed.
//   cc -O2 -o loadgen loadgen.c && ./loadgen --n 500 --port 2567 --ramp 10 --measure 20
// Prints MEASURE_START, MEASURE_END and RESULT with counts of the measured time and all times as pairs of microseconds and count.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HEAD 512  // bytes of a frame that are looked at
#define PERIOD_NS 500000000LL

enum { ST_IDLE, ST_HTTP_CONNECT, ST_HTTP_READ, ST_WS_CONNECT, ST_WS_UPGRADE, ST_JOIN, ST_JOINED, ST_READY, ST_DEAD };

typedef struct {
  int fd, state, idx;
  uint32_t seq;    // last sent
  uint32_t acked;  // number of acks seen
  int64_t phase;
  int64_t t_begin;
  uint8_t *buf;
  int len, cap;  // unparsed bytes
  int64_t skip;  // payload bytes of the current frame still to be dropped
  uint64_t rng;
  uint64_t frames;
  uint8_t *obuf;
  int olen;  // unsent bytes (rare)
} Conn;

static int N = 100, PORT = 2567, INFLIGHT = 32;
static double RAMP = 10, MEASURE = 20;
static Conn *C;
static int ep;
static int ready_n, dead_n, err_connect, err_proto, dup_ack;
static int64_t t0, m_start, m_end;
static uint64_t sent_total, acked_total, acked_win;
static uint64_t fr_all, by_all;

// Times in microseconds.
typedef struct {
  uint32_t *us;
  size_t n, cap;
} Times;
static Times acks, lateness, connects;

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static uint64_t xs(uint64_t *s) {
  uint64_t x = *s;
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  return *s = x;
}

static void note(Times *t, int64_t ns) {
  if (t->n == t->cap) {
    t->cap = t->cap ? t->cap * 2 : 65536;
    t->us = realloc(t->us, t->cap * sizeof *t->us);
  }
  t->us[t->n++] = ns < 0 ? 0 : ns / 1000;
}

static int cmp_us(const void *a, const void *b) {
  uint32_t x = *(uint32_t *)a, y = *(uint32_t *)b;
  return x < y ? -1 : x > y;
}

// {"name":[[microseconds,count],...]
static void print_times(const char *name, Times *t) {
  qsort(t->us, t->n, sizeof *t->us, cmp_us);
  printf(",\"%s\":[", name);
  for (size_t i = 0, j; i < t->n; i = j) {
    for (j = i; j < t->n && t->us[j] == t->us[i]; j++) {
    }
    printf("%s[%u,%zu]", i ? "," : "", t->us[i], j - i);
  }
  printf("]");
}

static void ep_mod(Conn *c, int op, uint32_t ev) {
  struct epoll_event e = {.events = ev, .data.u32 = c->idx};
  epoll_ctl(ep, op, c->fd, &e);
}

static void die(Conn *c, const char *why) {
  if (c->state == ST_DEAD) return;
  if (c->state < ST_READY) err_connect++;
  if (dead_n < 5) fprintf(stderr, "conn %d dead in state %d: %s (errno %s)\n", c->idx, c->state, why, strerror(errno));
  dead_n++;
  if (c->fd >= 0) close(c->fd);
  c->fd = -1;
  c->state = ST_DEAD;
}

static int dial(Conn *c) {
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (c->fd < 0) {
    die(c, "socket");
    return -1;
  }
  int one = 1;
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (connect(c->fd, (void *)&a, sizeof a) < 0 && errno != EINPROGRESS) {
    die(c, "connect");
    return -1;
  }
  ep_mod(c, EPOLL_CTL_ADD, EPOLLOUT);
  return 0;
}

static void out(Conn *c, const void *p, int n) {
  if (c->olen == 0) {
    int w = send(c->fd, p, n, MSG_NOSIGNAL);
    if (w == n) return;
    if (w < 0) {
      if (errno != EAGAIN) {
        die(c, "send");
        return;
      }
      w = 0;
    }
    p = (const char *)p + w;
    n -= w;
  }
  c->obuf = realloc(c->obuf, c->olen + n);
  memcpy(c->obuf + c->olen, p, n);
  c->olen += n;
  ep_mod(c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
}

// Masks have numbers of their own, so that the n-th way of a session is the n-th number after its phase.
static uint64_t mask_rng = 1;

static void ws_send(Conn *c, int opcode, const uint8_t *p, int n) {  // n <= 125
  uint8_t f[140];
  uint32_t m = (uint32_t)xs(&mask_rng);
  uint8_t mk[4];
  memcpy(mk, &m, 4);
  f[0] = 0x80 | opcode;
  f[1] = 0x80 | n;
  memcpy(f + 2, mk, 4);
  for (int i = 0; i < n; i++) f[6 + i] = p[i] ^ mk[i & 3];
  out(c, f, 6 + n);
}

static void start_http(Conn *c) {
  c->t_begin = now_ns();
  c->state = ST_HTTP_CONNECT;
  dial(c);
}

static int grab(const char *s, const char *key, char *o, int cap) {
  char k[40];
  snprintf(k, sizeof k, "\"%s\":\"", key);
  const char *p = strstr(s, k);
  if (!p) return -1;
  p += strlen(k);
  int i = 0;
  while (*p && *p != '"' && i < cap - 1) o[i++] = *p++;
  o[i] = 0;
  return i;
}

static void on_ack(Conn *c, uint32_t seq, int64_t now) {
  if (seq == 0 || seq > c->seq) {
    err_proto++;
    return;
  }
  if (seq != c->acked + 1) dup_ack++;  // lost, doubled or reordered
  c->acked = seq;
  acked_total++;
  int64_t intended = t0 + c->phase + (int64_t)(seq - 1) * PERIOD_NS;
  if (intended >= m_start && intended < m_end) {
    note(&acks, now - intended);
  }
  if (now >= m_start && now < m_end) acked_win++;
}

static void on_frame(Conn *c, int op, const uint8_t *p, int n, int64_t now) {
  if (op == 9) {
    ws_send(c, 10, p, n > 125 ? 125 : n);
    return;
  }
  if (op == 8) {
    int code = n >= 2 ? p[0] << 8 | p[1] : 0;
    char why[180];
    snprintf(why, sizeof why, "close frame %d %.*s", code, n > 2 ? (n - 2 > 120 ? 120 : n - 2) : 0, p + 2);
    die(c, why);
    return;
  }
  if (op == 10 || n < 1) return;
  fr_all++;
  c->frames++;
  int code = p[0] & 0x1f;
  if (c->state == ST_JOIN) {
    if (code == 10) {
      uint8_t j = 10;
      ws_send(c, 2, &j, 1);
      c->state = ST_JOINED;
    } else {
      err_proto++;
      char why[160];
      snprintf(why, sizeof why, "code %d before join: %.*s", code, n > 100 ? 100 : n - 1, p + 1);
      die(c, why);
    }
    return;
  }
  if (code == 11) {
    err_proto++;
    if (err_proto < 5) fprintf(stderr, "error frame: %.*s\n", n - 1, p + 1);
    return;
  }
  if (c->state == ST_JOINED) {
    c->state = ST_READY;
    ready_n++;
    note(&connects, now - c->t_begin);
  }
  if (code == 15 || code == 14) return;  // a patch, or the whole state
  if (code == 17 && n >= 2) {
    if (p[1] == 1) return;  // changes
    if (p[1] == 2) {
      int k = p[2];
      for (int i = 0; i < k && 3 + 4 * i + 4 <= n; i++) {
        uint32_t s;
        memcpy(&s, p + 3 + 4 * i, 4);
        on_ack(c, s, now);
      }
      return;
    }
  }
  err_proto++;
}

static void parse(Conn *c, uint8_t *d, int len, int64_t now) {
  // d/len: everything not yet consumed; keeps the rest in c->buf
  int o = 0;
  while (o < len && c->state >= ST_JOIN && c->state != ST_DEAD) {
    if (c->skip) {
      int64_t k = len - o < c->skip ? len - o : c->skip;
      o += k;
      c->skip -= k;
      continue;
    }
    if (len - o < 2) break;
    int op = d[o] & 15;
    int64_t pl = d[o + 1] & 127;
    int h = 2;
    if (pl == 126) {
      if (len - o < 4) break;
      pl = d[o + 2] << 8 | d[o + 3];
      h = 4;
    } else if (pl == 127) {
      if (len - o < 10) break;
      pl = 0;
      for (int i = 0; i < 8; i++) pl = pl << 8 | d[o + 2 + i];
      h = 10;
    }
    int need = pl < HEAD ? pl : HEAD;
    if (len - o < h + need) break;
    on_frame(c, op, d + o + h, need, now);
    if (c->state == ST_DEAD) return;
    o += h + need;
    c->skip = pl - need;
  }
  int rest = len - o;
  if (rest > 0) {
    if (d == c->buf)
      memmove(c->buf, c->buf + o, rest);
    else {
      if (c->cap < rest) {
        c->cap = rest + 2048;
        c->buf = realloc(c->buf, c->cap);
      }
      memcpy(c->buf, d + o, rest);
    }
  }
  c->len = rest > 0 ? rest : 0;
}

static uint8_t rb[1 << 18];
static void on_readable(Conn *c) {
  for (;;) {
    int keep = c->len;  // put what is left in front
    if (keep) memcpy(rb, c->buf, keep);
    int r = recv(c->fd, rb + keep, sizeof rb - keep - 1, 0);
    if (r == 0) {
      die(c, "eof");
      return;
    }
    if (r < 0) {
      if (errno == EAGAIN) return;
      die(c, "recv");
      return;
    }
    by_all += r;
    int len = keep + r;
    c->len = 0;
    int64_t now = now_ns();
    if (c->state == ST_HTTP_READ) {
      rb[len] = 0;
      char sid[64], rid[64], pid[64];
      if (strstr((char *)rb, "\r\n\r\n") && grab((char *)rb, "sessionId", sid, 64) > 0 &&
          grab((char *)rb, "roomId", rid, 64) > 0 && grab((char *)rb, "processId", pid, 64) > 0) {
        close(c->fd);
        c->state = ST_WS_CONNECT;
        if (dial(c)) return;
        char q[512];
        int n = snprintf(q, sizeof q,
                         "GET /%s/%s?sessionId=%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: "
                         "Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
                         pid, rid, sid, PORT);
        c->obuf = realloc(c->obuf, n);
        memcpy(c->obuf, q, n);
        c->olen = n;
      } else if (!strncmp((char *)rb, "HTTP/1.1 2", 10)) {  // headers came before the body
        if (c->cap < len) {
          c->cap = len + 1024;
          c->buf = realloc(c->buf, c->cap);
        }
        memcpy(c->buf, rb, len);
        c->len = len;
      } else {
        fprintf(stderr, "%.300s\n", rb);
        die(c, "matchmake");
      }
      return;
    }
    if (c->state == ST_WS_UPGRADE) {
      rb[len] = 0;
      char *e = strstr((char *)rb, "\r\n\r\n");
      if (!e) {
        if (c->cap < len) {
          c->cap = len + 1024;
          c->buf = realloc(c->buf, c->cap);
        }
        memcpy(c->buf, rb, len);
        c->len = len;
        continue;
      }
      if (strncmp((char *)rb, "HTTP/1.1 101", 12)) {
        die(c, "upgrade");
        return;
      }
      c->state = ST_JOIN;
      int used = e + 4 - (char *)rb;
      parse(c, rb + used, len - used, now);
    } else
      parse(c, rb, len, now);
    if (c->state == ST_DEAD) return;
    if (r < (int)sizeof rb - keep - 1) return;
  }
}

static void on_writable(Conn *c) {
  if (c->state == ST_HTTP_CONNECT) {
    char q[400];
    int n = snprintf(q, sizeof q,
                     "POST /matchmake/joinOrCreate/zone HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: "
                     "application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
                     PORT);
    c->state = ST_HTTP_READ;
    ep_mod(c, EPOLL_CTL_MOD, EPOLLIN);
    out(c, q, n);
    return;
  }
  if (c->state == ST_WS_CONNECT) c->state = ST_WS_UPGRADE;
  if (c->olen) {
    int w = send(c->fd, c->obuf, c->olen, MSG_NOSIGNAL);
    if (w < 0) {
      if (errno != EAGAIN) die(c, "send");
      return;
    }
    memmove(c->obuf, c->obuf + w, c->olen - w);
    c->olen -= w;
  }
  if (!c->olen) ep_mod(c, EPOLL_CTL_MOD, EPOLLIN);
}

static void pump(int64_t wait_ns) {
  struct epoll_event ev[512];
  struct timespec ts = {wait_ns / 1000000000LL, wait_ns % 1000000000LL};
  int n = epoll_pwait2(ep, ev, 512, wait_ns < 0 ? NULL : &ts, NULL);
  for (int i = 0; i < n; i++) {
    Conn *c = &C[ev[i].data.u32];
    if (c->state == ST_DEAD || c->fd < 0) continue;
    if (ev[i].events & EPOLLOUT) on_writable(c);
    if (c->state != ST_DEAD && c->fd >= 0 && (ev[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) && c->state != ST_HTTP_CONNECT &&
        c->state != ST_WS_CONNECT)
      on_readable(c);
    else if ((ev[i].events & EPOLLERR) && c->state != ST_DEAD)
      die(c, "refused");
  }
}

static int cmpphase(const void *a, const void *b) {
  int64_t x = C[*(int *)a].phase, y = C[*(int *)b].phase;
  return x < y ? -1 : x > y;
}

static double cpu_s(void) {
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void say(const char *line) {
  fputs(line, stdout);
  fflush(stdout);
}

int main(int argc, char **argv) {
  for (int i = 1; i + 1 < argc; i += 2) {
    if (!strcmp(argv[i], "--n"))
      N = atoi(argv[i + 1]);
    else if (!strcmp(argv[i], "--port"))
      PORT = atoi(argv[i + 1]);
    else if (!strcmp(argv[i], "--ramp"))
      RAMP = atof(argv[i + 1]);
    else if (!strcmp(argv[i], "--measure"))
      MEASURE = atof(argv[i + 1]);
    else if (!strcmp(argv[i], "--inflight"))
      INFLIGHT = atoi(argv[i + 1]);
  }
  struct rlimit rl = {65536, 65536};
  setrlimit(RLIMIT_NOFILE, &rl);
  C = calloc(N, sizeof *C);
  ep = epoll_create1(0);
  for (int i = 0; i < N; i++) {
    C[i].idx = i;
    C[i].fd = -1;
    C[i].rng = 0x9E3779B97F4A7C15ULL * (i + 1);
    for (int k = 0; k < 8; k++) xs(&C[i].rng);
    C[i].phase = xs(&C[i].rng) % PERIOD_NS;
  }
  int64_t c0 = now_ns(), deadline = c0 + 180LL * 1000000000;
  int next = 0;
  while (ready_n + dead_n < N && now_ns() < deadline) {
    while (next < N && next - ready_n - dead_n < INFLIGHT) start_http(&C[next++]);
    pump(20000000);
  }
  if (ready_n < N) fprintf(stderr, "only %d of %d ready\n", ready_n, N);

  int *order = malloc(N * sizeof(int));
  for (int i = 0; i < N; i++) order[i] = i;
  qsort(order, N, sizeof(int), cmpphase);
  t0 = now_ns() + 200000000;
  m_start = t0 + RAMP * 1e9;
  m_end = m_start + MEASURE * 1e9;
  int64_t cyc = 0;
  int oi = 0;
  uint64_t f0 = 0, b0 = 0;
  int started = 0;
  double cpu0 = 0;
  int dead_before = dead_n;
  uint64_t *frames0 = calloc(N, 8);  // frames of each session at the start of the measured time
  for (;;) {
    int64_t now = now_ns();
    if (!started && now >= m_start) {
      started = 1;
      f0 = fr_all;
      b0 = by_all;
      cpu0 = cpu_s();
      for (int i = 0; i < N; i++) frames0[i] = C[i].frames;
      say("MEASURE_START\n");
    }
    if (now >= m_end) break;
    int64_t due = t0 + cyc * PERIOD_NS + C[order[oi]].phase;
    while (due <= now && due < m_end) {
      Conn *c = &C[order[oi]];
      if (c->state == ST_READY) {
        uint8_t m[7];
        m[0] = 17;
        m[1] = 1;
        uint32_t s = ++c->seq;
        memcpy(m + 2, &s, 4);
        m[6] = xs(&c->rng) >> 33 & 3;
        ws_send(c, 2, m, 7);
        sent_total++;
        if (due >= m_start) note(&lateness, now_ns() - due);
      }
      if (++oi == N) {
        oi = 0;
        cyc++;
      }
      due = t0 + cyc * PERIOD_NS + C[order[oi]].phase;
    }
    int64_t w = due - now_ns();
    if (!started && m_start - now < w) w = m_start - now;
    if (w < 0) w = 0;
    if (w > 20000000) w = 20000000;
    pump(w);
  }
  uint64_t frames = fr_all - f0, bytes = by_all - b0, frames_min = UINT64_MAX;
  double cpu = cpu_s() - cpu0;
  for (int i = 0; i < N; i++)
    if (C[i].frames - frames0[i] < frames_min) frames_min = C[i].frames - frames0[i];
  say("MEASURE_END\n");
  int64_t dl = now_ns() + 10LL * 1000000000;
  while (acked_total < sent_total && now_ns() < dl && dead_n == dead_before) pump(20000000);
  // what was never acknowledged counts with the time it has waited so far
  int64_t now = now_ns();
  uint64_t missing = 0;
  for (int i = 0; i < N; i++)
    for (uint32_t s = C[i].acked + 1; s <= C[i].seq; s++) {
      int64_t in = t0 + C[i].phase + (int64_t)(s - 1) * PERIOD_NS;
      missing++;
      if (in >= m_start && in < m_end) note(&acks, now - in);
    }
  printf(
      "RESULT {\"ready\":%d,\"sent\":%lu,\"acked\":%lu,\"missing\":%lu,\"dead\":%d,\"connect_errors\":%d,"
      "\"protocol_errors\":%d,\"order_breaks\":%d,\"acks\":%lu,\"frames\":%lu,\"frames_min\":%lu,\"bytes\":%lu,"
      "\"cpu_s\":%.3f",
      ready_n, sent_total, acked_total, missing, dead_n, err_connect, err_proto, dup_ack, acked_win, frames, frames_min, bytes,
      cpu);
  print_times("ack_us", &acks);
  print_times("generator_lag_us", &lateness);
  print_times("connect_us", &connects);
  printf("}\n");
  return dead_n || missing || err_proto || dup_ack ? 1 : 0;
}
