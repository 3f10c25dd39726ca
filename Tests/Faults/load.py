"""Messages, and who sends them."""

import json
import threading

from ledger import EVENT
from server import Connection, Failure

# Events of the last weeks and late ones, by shoppers who are known in part; nothing in the future.
_DAYS = ["2024-11-30", "2025-12-24", "2026-02-03", "2026-08-01", "2026-09-15"]


def message(source, number, chance):
    """A message whose serial, that is its source and id, stands in its properties too."""
    person = number * 7919 % 61
    fields = {
        "type": "track", "event": EVENT, "messageId": f"m{number}", "anonymousId": f"device-{person}",
        "timestamp": f"{chance.choice(_DAYS)}T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}Z",
        "properties": {"serial": f"{source}/m{number}", "price": number % 97 + 0.5, "note": "ünï" * (number % 23)},
    }
    if number % 5 == 0:
        fields["userId"] = f"shopper-{person % 40}"
    return fields


class Batch:
    """Messages of one request: new ones, known ones, the same twice, and some that must be rejected."""

    def __init__(self, source, numbers, chance, refused=0):
        self.source = source
        self.serials = [f"{source}/m{number}" for number in numbers]
        items = [message(source, number, chance) for number in numbers] + [{"type": "track", "event": "E"}] * refused
        chance.shuffle(items)
        self.count, self.refused = len(items), refused
        self.body = json.dumps({"batch": items}, ensure_ascii=False).encode()

    def offer(self, connection, key, ledger, path="/v1/batch"):
        """Sends it; an answer with 200 must make sense, and goes into the ledger. None when there was no answer."""
        ledger.offer(self.serials, self.refused)
        known = ledger.acknowledged.intersection(self.serials)
        answer = connection.ask("POST", path, key, self.body)
        if answer is None or answer[0] != 200:
            return answer
        said = json.loads(answer[2])
        accepted, duplicates, refused = said["accepted"], said["duplicates"], len(said["rejected"])
        if accepted + duplicates + refused != self.count or refused != self.refused:
            raise Failure(f"of {self.count} messages {accepted} accepted, {duplicates} duplicates, {refused} rejected")
        fresh = len(set(self.serials) - known)
        if accepted > fresh:
            raise Failure(f"{accepted} accepted, but only {fresh} were not acknowledged before: the others were lost")
        return answer if ledger.acknowledge(self.serials, accepted, duplicates, refused) else None

    def send(self, connection, key, ledger):
        """The status of the answer, None without one."""
        answer = self.offer(connection, key, ledger)
        return answer and answer[0]


class Sender(threading.Thread):
    """Sends batch after batch on one connection until the server is gone; what was not answered is sent again next time."""

    def __init__(self, server, key, source, numbers, ledger, chance, waiting=(), size=25):
        super().__init__(daemon=True)
        self.server, self.key, self.source, self.numbers = server, key, source, numbers
        self.ledger, self.chance, self.waiting, self.size = ledger, chance, list(waiting), size
        self.failure = None
        self.is_told_to_stop = False
        self.sent = 0

    def next_batch(self):
        chance, numbers = self.chance, []
        for _ in range(chance.randrange(1, self.size)):
            numbers.append(self.numbers.draw())
        if chance.random() < 0.4:
            numbers += [self.numbers.old(chance) for _ in range(chance.randrange(1, 6))]
        if chance.random() < 0.2:
            numbers.append(numbers[0])
        return Batch(self.source, numbers, chance, refused=chance.choice([0, 0, 0, 1, 2]))

    def run(self):
        try:
            with Connection(self.server) as connection:
                while not self.is_told_to_stop:
                    batch = self.waiting[0] if self.waiting else self.next_batch()
                    status = batch.send(connection, self.key, self.ledger)
                    if status == 200 and self.waiting:
                        self.waiting.pop(0)
                    elif status != 200:
                        if not self.waiting:
                            self.waiting.append(batch)
                        if status is not None and status != 503:
                            raise Failure(f"a batch was answered with {status}")
                        return
                    self.sent += 1
        except Failure as failure:
            self.failure = failure


class Numbers:
    """Hands out each number once, to any thread."""

    def __init__(self, start=0):
        self._lock = threading.Lock()
        self.next = start
        self.start = start

    def draw(self):
        with self._lock:
            self.next += 1
            return self.next - 1

    def old(self, chance):
        """One that was handed out before, if there is any."""
        return chance.randrange(self.start, max(self.next, self.start + 1))
