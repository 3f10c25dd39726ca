"""A segment and a webhook: what was read of a log stays as it was, and what was answered as made stays."""

import json
import time

from ledger import EVENT
from server import Failure

SEGMENT = "seen_lately"
LOG = f"/v1/segments/{SEGMENT}/changes"


class Watch:
    """Asks a server on a connection with the secret key, and keeps in the ledger what it has learned."""

    def __init__(self, connection, ledger, secret):
        self._connection, self._ledger, self._secret = connection, ledger, secret

    def begin(self):
        """Makes the segment and the webhook, which nothing is ever sent to: its segment is another one."""
        self._make("PUT", f"/v1/segments/{SEGMENT}", f'segment {SEGMENT}: did "{EVENT}"'.encode(), "text/plain")
        body = {"url": "https://203.0.113.7/changes", "segments": ["nobody"]}
        self._make("POST", "/v1/webhooks", json.dumps(body).encode(), "application/json")

    def _make(self, method, path, body, kind):
        answer = self._connection.ask(method, path, self._secret, body, {"Content-Type": kind})
        if answer is None or answer[0] >= 500:
            return
        if answer[0] not in (200, 201):
            raise Failure(f"{method} {path} is answered with {answer[0]}: {answer[2][:300]}")
        made = json.loads(answer[2]).get("id")
        self._ledger.promised.append(f"{path}/{made}" if made else path)

    def read(self, within=3.0):
        """Reads on in the log until the messages that were acknowledged are decided, or the server is gone."""
        deadline = time.monotonic() + within
        while self._read_page() and time.monotonic() < deadline:
            time.sleep(0.01)

    def _read_page(self):
        """Whether there may be more."""
        answer = self._connection.ask("GET", f"{LOG}?after={len(self._ledger.changes)}&limit=1000", self._secret)
        if answer is None or answer[0] != 200:
            return False
        page = json.loads(answer[2])
        self._ledger.changes += page["changes"]
        # There is no watermark before the first evaluation; each message of the ledger is stored once.
        return not page["watermark"] or page["watermark"]["arrival"] < len(self._ledger.acknowledged)

    def check(self):
        """Raises what a server has forgotten, or tells in another way than before."""
        deadline = time.monotonic() + 20
        for path in self._ledger.promised:
            answer = self._connection.ask("GET", path, self._secret)
            # Memberships are taken up after the start; until then the answer says so.
            while answer is not None and answer[0] == 503 and time.monotonic() < deadline:
                time.sleep(0.02)
                answer = self._connection.ask("GET", path, self._secret)
            if answer is None or answer[0] != 200:
                raise Failure(f"GET {path} was made and is answered with {answer and answer[0]}")
        known = self._ledger.changes
        if not known:
            return
        while True:
            answer = self._connection.ask("GET", f"{LOG}?limit=1000", self._secret)
            if answer is None or answer[0] not in (200, 404):
                raise Failure(f"the log is answered with {answer and answer[0]}")
            told = json.loads(answer[2])["changes"] if answer[0] == 200 else []
            differing = next((at for at, (old, new) in enumerate(zip(known, told)) if old != new), None)
            if differing is not None:
                raise Failure(f"the log said {known[differing]} and says {told[differing]}")
            if len(told) >= len(known):
                return
            if time.monotonic() > deadline:
                raise Failure(f"the log had {len(known)} entries and has {len(told)}")
            time.sleep(0.05)
