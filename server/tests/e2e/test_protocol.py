"""Black-box tests of the protocol: standard Python, the JSON subprotocol, and the server's own database file.

Run by json_protocol.test.mjs, which starts the server and names it in TILEMUD_ADDRESS and TILEMUD_DATABASE.
"""

import json
import os
import socket
import sqlite3
import sys
import unittest
import urllib.error
import urllib.request
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../docs"))

from bot import Game  # noqa: E402  the path to it is set above

ADDRESS = os.environ["TILEMUD_ADDRESS"]
DATABASE = os.environ["TILEMUD_DATABASE"]
DIRECTIONS = ["north", "south", "east", "west"]


def rows_of(session_id):
    """The session's rows in the log, in order."""
    with sqlite3.connect(f"file:{DATABASE}?mode=ro", uri=True, timeout=10) as store:
        store.row_factory = sqlite3.Row
        query = "SELECT * FROM action_events WHERE session_id = ? AND action_type <> 'system' ORDER BY sequence_number"
        return store.execute(query, (session_id,)).fetchall()


def answer_to(game, seq):
    """Reads until `seq` is answered; gives (ack, None) or (None, error) and every delta on the way."""
    deltas = []
    while True:
        kind, payload = game.receive()
        if kind == "event.state_delta":
            deltas.append(payload)
        elif kind == "event.error" and payload["seq"] == seq:
            return None, payload["error"], deltas
        elif kind == "event.ack" and payload["reason"] == "intents":
            for ack in payload["acks"]:
                if ack["seq"] == seq:
                    return ack, None, deltas


def own_positions(deltas):
    """Where the player was told to stand, but for where they stood at first."""
    told = [(delta.get("self") or {}).get("position") for delta in deltas if not delta["full"]]
    return [position for position in told if position]


def first_step(game):
    """Walks one tile in whichever direction is free; gives the ack, the direction and the deltas."""
    for direction in DIRECTIONS:
        ack, error, deltas = answer_to(game, game.intent("move", direction=direction))
        if ack:
            return ack, direction, deltas
        if error["code"] != "MOVE_BLOCKED":
            raise AssertionError(f"refused for another reason: {error}")
    raise AssertionError("walled in")


def refused(method, path, body=None, headers=None):
    """Status and body of a call that must fail."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(ADDRESS + path, method=method, data=data, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            raise AssertionError(f"{path} was answered with {answer.status}")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


class Protocol(unittest.TestCase):
    """Each test plays as a person of its own."""

    def play_as(self, name):
        game = Game(ADDRESS, name)
        self.addCleanup(game.close)
        return game

    def has_error_shape(self, error, code, category, retryable):
        self.assertEqual((error["code"], error["category"], error["retryable"]), (code, category, retryable))
        self.assertTrue(error["message"])
        self.assertTrue(error["correlation_id"])

    def test_walks_talks_and_finds_its_rows_in_action_events(self):
        game = self.play_as("Walker")
        moved, direction, deltas = first_step(game)
        said, error, more = answer_to(game, game.intent("chat", channel="say", text="Hello, world. Café?"))
        self.assertIsNone(error)
        self.assertEqual((moved["status"], said["status"]), ("applied", "applied"))
        rows = {row["sequence_number"]: row for row in rows_of(game.session_id)}
        for ack, action_type in [(moved, "move"), (said, "chat")]:
            row = rows[ack["seq"]]
            self.assertEqual(row["action_type"], action_type)
            self.assertEqual(uuid.UUID(row["action_id"]), uuid.UUID(ack["action_id"]))
            self.assertTrue(row["user_id"] and row["character_id"] and row["persisted_at"])
        self.assertIn(direction, rows[moved["seq"]]["payload"])
        self.assertIn("Hello, world.", rows[said["seq"]]["payload"])

    def test_full_state_comes_first_and_own_words_come_back(self):
        game = self.play_as("Listener")
        kind, delta = game.receive()
        self.assertEqual((kind, delta["full"]), ("event.state_delta", True))
        self.assertEqual(delta["self"]["position"], game.position)
        own = [entity for entity in delta["enter"] if entity["id"] == game.entity_id]
        self.assertEqual([entity["name"] for entity in own], ["Listener"])
        game.intent("chat", channel="say", text="Anybody?")
        heard = []
        while not heard:
            kind, payload = game.receive()
            if kind == "event.state_delta":
                heard = [effect for effect in payload["effects"] if effect["type"] == "chat"]
        self.assertEqual((heard[0]["from"], heard[0]["text"]), ("Listener", "Anybody?"))

    def test_an_emote_is_seen_and_stored_and_an_unknown_one_is_refused(self):
        game = self.play_as("Dancer")
        seq = game.intent("emote", emote="dance")
        ack, error, deltas = answer_to(game, seq)
        self.assertIsNone(error)
        self.assertEqual(ack["status"], "applied")
        seen = [effect for delta in deltas for effect in delta["effects"]]
        while not seen:
            kind, payload = game.receive()
            if kind == "event.state_delta":
                seen = payload["effects"]
        self.assertEqual(seen, [{"type": "emote", "id": game.entity_id, "emote": "dance"}])
        row = rows_of(game.session_id)[0]
        self.assertEqual((row["action_type"], json.loads(row["payload"])), ("emote", {"emote": "dance"}))
        game.send("intent.emote", seq=seq + 1, emote="fly")
        while True:
            kind, payload = game.receive()
            if kind == "event.error":
                break
        self.has_error_shape(payload["error"], "MALFORMED", "VALIDATION", False)

    def test_repeated_intent_is_acknowledged_as_duplicate_and_stored_once(self):
        game = self.play_as("Stutterer")
        first, direction, _ = first_step(game)
        game.send("intent.move", seq=first["seq"], direction=direction)
        again, error, _ = answer_to(game, first["seq"])
        self.assertIsNone(error)
        self.assertEqual(again["status"], "duplicate")
        self.assertEqual((again["action_id"], again["persisted_at"]), (first["action_id"], first["persisted_at"]))
        stored = [row for row in rows_of(game.session_id) if row["sequence_number"] == first["seq"]]
        self.assertEqual(len(stored), 1)

    def test_skipped_sequence_number_is_out_of_order_and_brings_the_full_state(self):
        game = self.play_as("Hasty")
        game.send("intent.move", seq=8, direction="north")
        _, error, _ = answer_to(game, 8)
        self.has_error_shape(error, "SEQ_OUT_OF_ORDER", "CONSISTENCY", True)
        self.assertEqual(error["details"], {"expected": 1, "received": 8})
        while True:
            kind, payload = game.receive()
            if kind == "event.state_delta" and payload["full"]:
                break
        self.assertEqual(rows_of(game.session_id), [])

    def test_returning_player_is_where_they_were(self):
        game = self.play_as("Homing")
        _, _, deltas = first_step(game)
        while game.position in (here := own_positions(deltas) or [game.position]):
            kind, payload = game.receive()
            if kind == "event.state_delta":
                deltas.append(payload)
        game.send("logout")
        with self.assertRaisesRegex(ConnectionError, "4010"):
            while True:
                game.receive()
        self.assertEqual(self.play_as("Homing").position, here[-1])

    def test_heartbeat_is_answered_with_its_nonce(self):
        game = self.play_as("Beating")
        game.send("heartbeat", nonce=4711)
        while True:
            kind, payload = game.receive()
            if kind == "event.heartbeat":
                break
        self.assertEqual(payload["nonce"], 4711)

    def test_calls_without_token_or_with_another_build_are_refused(self):
        status, error = refused("POST", "/api/session/bootstrap", {"client_version": "x"})
        self.assertEqual(status, 401)
        self.has_error_shape(error, "AUTH_TOKEN_MISSING", "AUTH", False)
        game = self.play_as("Older")
        bearer = {"Authorization": "Bearer " + game.access_token, "Content-Type": "application/json"}
        status, error = refused("POST", "/api/session/bootstrap", {"client_version": "0.0.1+00000000"}, bearer)
        self.assertEqual(status, 426)
        self.has_error_shape(error, "UPDATE_REQUIRED", "VERSION", False)
        self.assertEqual(error["details"]["received"], "0.0.1+00000000")

    def test_realtime_without_a_known_subprotocol_is_refused(self):
        host, port = ADDRESS.removeprefix("http://").rsplit(":", 1)
        for offered in ["", "Sec-WebSocket-Protocol: chat\r\n"]:
            with socket.create_connection((host, int(port)), timeout=10) as stream:
                stream.sendall(
                    f"GET /ws HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{offered}\r\n".encode()
                )
                self.assertIn(b" 400 ", stream.makefile("rb").readline())


if __name__ == "__main__":
    unittest.main()
