#!/usr/bin/env python3
"""A TileMUD bot in plain Python 3, nothing to install: it wanders about, waves at whoever comes into view and greets them.

    python3 docs/bot.py http://127.0.0.1:8080 Rover 50

The bot itself is `wander` below. `Game` above it is all there is to being a client: sign in, open the JSON channel,
send intents numbered 1, 2, 3, ..., read events.
"""

import base64
import json
import os
import random
import socket
import ssl
import struct
import sys
import urllib.request
from urllib.parse import urlsplit


class Game:
    """One signed-in player, connected over the `tilemud.json` subprotocol."""

    def __init__(self, server, name):
        self.server = server.rstrip("/")
        version = self.http("GET", "/api/version")["version"]
        self.access_token = self.http("POST", "/dev/token", {"user": name})["access_token"]
        start = self.http("POST", "/api/session/bootstrap", {"client_version": version, "display_name": name})
        self.position = start["state"]["character"]["position"]
        self.session_id = start["session"]["session_id"]
        self.open(start["realtime"]["url"])
        self.send("hello", session_id=self.session_id, ticket=start["realtime"]["ticket"], client_version=version)
        kind, payload = self.receive()
        if kind != "event.ack":
            raise ConnectionError(f"refused: {payload}")
        self.entity_id, self.seq = payload["entity_id"], payload["last_seq"]

    def http(self, method, path, body=None):
        request = urllib.request.Request(self.server + path, method=method, data=body and json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        if hasattr(self, "access_token"):
            request.add_header("Authorization", "Bearer " + self.access_token)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or "null")

    def intent(self, kind, **payload):
        """Sends the next intent; its answer carries the sequence number returned."""
        self.seq += 1
        self.send("intent." + kind, seq=self.seq, **payload)
        return self.seq

    def send(self, kind, **payload):
        self.write_frame(0x1, json.dumps({"type": kind, "payload": payload}).encode())

    def receive(self):
        """The next message as (type, payload). Raises ConnectionError when the server closes."""
        text = b""
        while True:
            last, opcode, data = self.read_frame()
            if opcode == 0x8:
                code = struct.unpack(">H", data[:2])[0] if len(data) >= 2 else None
                raise ConnectionError(f"closed by the server: {code}")
            if opcode == 0x9:
                self.write_frame(0xA, data)
            elif opcode in (0x0, 0x1):
                text += data
                if last:
                    message = json.loads(text)
                    return message["type"], message["payload"]

    def close(self):
        self.stream.close()
        self.socket.close()

    # The rest is RFC 6455, as little of it as a client needs.

    def open(self, url):
        at = urlsplit(url)
        secure = at.scheme == "wss"
        self.socket = socket.create_connection((at.hostname, at.port or (443 if secure else 80)), timeout=20)
        if secure:
            self.socket = ssl.create_default_context().wrap_socket(self.socket, server_hostname=at.hostname)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {at.path} HTTP/1.1\r\nHost: {at.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Protocol: tilemud.json\r\n\r\n".encode()
        )
        self.stream = self.socket.makefile("rb")
        status = self.stream.readline().decode().strip()
        while self.stream.readline().strip():
            pass
        if " 101 " not in status + " ":
            raise ConnectionError(f"no realtime channel: {status}")

    def write_frame(self, opcode, data):
        mask = os.urandom(4)
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
        masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))
        self.socket.sendall(bytes([0x80 | opcode]) + size + mask + masked)

    def read_frame(self):
        first, size = self.read(2)
        if size == 126:
            size = struct.unpack(">H", self.read(2))[0]
        elif size == 127:
            size = struct.unpack(">Q", self.read(8))[0]
        return first & 0x80, first & 0x0F, self.read(size)

    def read(self, count):
        data = self.stream.read(count)
        if len(data) < count:
            raise ConnectionError("the connection broke off")
        return data


def wander(server, name, steps):
    game = Game(server, name)
    waiting_for = game.intent("move", direction="east")
    while steps:
        kind, payload = game.receive()
        if kind == "event.state_delta":
            game.position = (payload.get("self") or {}).get("position") or game.position
            for other in payload["enter"]:
                if other["kind"] == "player" and other["id"] != game.entity_id:
                    game.intent("emote", emote="wave")
                    waiting_for = game.intent("chat", channel="say", text=f"Hello, {other['name']}!")
        answered = [ack["seq"] for ack in payload["acks"]] if payload.get("reason") == "intents" else []
        if kind == "event.error" and payload.get("seq"):
            answered = [payload["seq"]]  # a wall, perhaps: any other way will do
        if waiting_for in answered:
            steps -= 1
            waiting_for = game.intent("move", direction=random.choice(["north", "south", "east", "west"]))
    print(f"{name} stands at {game.position['x']}, {game.position['y']}")
    game.send("logout")
    game.close()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    wander(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 50)
