"""G-W16: secrets and what is known of shoppers go through everything the server does; then everything it has written is searched.

Secrets (keys, passwords, tokens of links and sessions) may stand in no file, log, metric or error but where they are shown
once. What shoppers are may stand in the data directory, and in no log, metric or error.
"""

import base64
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Processes"))
from residue import places  # noqa: E402
from served import Served  # noqa: E402


def word():
    return "".join(random.choice("bcdfghjkmnpqrstvwxz") for _ in range(18))


def forms(secret):
    """A secret, text or bytes, as it may be written: as it is, in hex, in base64 of each alignment."""
    raw = secret if isinstance(secret, bytes) else secret.encode()
    yield secret
    yield raw.hex()
    for lead in range(3):
        yield base64.b64encode(b"\0" * lead + raw)[4 if lead else 0:-4].decode()


class Traffic:
    """Requests of all kinds; remembers every answer that must tell nothing."""

    def __init__(self, server):
        self.server, self.quiet = server, []

    def send(self, method, path, body=b"", headers=(), is_quiet=True):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        if is_quiet:
            self.quiet.append((f"the answer {answer.status} of {method} {path}", text))
        return answer.status, answer.getheaders(), text

    def form(self, path, fields, cookie=None):
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.server.url}
        if cookie:
            headers["Cookie"] = cookie
        return self.send("POST", path, urllib.parse.urlencode(fields), headers, is_quiet=False)


def cookie_of(headers):
    return next(value.split(";")[0] for name, value in headers if name.lower() == "set-cookie")


def sign_in(traffic, secrets):
    """Sets up the first user, signs in twice, once wrongly, and changes the password."""
    password, other, wrong, mail = word(), word(), word(), f"{word()}@shop.example"
    code = traffic.server.setup_link.partition("#")[2]
    status, headers, text = traffic.form(
        "/setup", {"code": code, "name": "Ann", "email": mail, "password": password})
    if status != 303:
        raise SystemExit(f"leaks: /setup is answered with {status}: {text[:300]}")
    first = cookie_of(headers)
    traffic.form("/login", {"email": mail, "password": wrong})
    status, headers, _ = traffic.form("/login", {"email": mail, "password": password})
    if status != 303:
        raise SystemExit(f"leaks: /login is answered with {status}")
    second = cookie_of(headers)
    traffic.form("/password", {"current": password, "password": other}, second)
    for cookie in (first, second):
        secrets[f"session {cookie[:8]}"] = cookie.partition("=")[2]
    secrets |= {"password": password, "new password": other, "wrong password": wrong, "setup code": code}
    return cookie_of(headers)


def shop(traffic, people, secrets):
    """Messages that are taken and messages that are refused, decisions, segments, and requests that go wrong."""
    server = traffic.server
    basic = {"Authorization": "Basic " + base64.b64encode(f"{server.write_key}:".encode()).decode()}
    bearer = {"Authorization": f"Bearer {server.secret_key}"}
    mail, device, user, town = people["mail"], people["device"], people["user"], people["town"]
    good = {"event": "Order Completed", "userId": user, "anonymousId": device,
            "properties": {"revenue": 9, "town": town}, "context": {"traits": {"email": mail}}}
    traffic.send("POST", "/v1/track", json.dumps(good), basic)
    traffic.send("POST", "/v1/identify", json.dumps({"userId": user, "traits": {"email": mail}}), basic)
    bad = [{"type": "track", "userId": user, "event": 7, "properties": {"town": town}},
           {"type": town, "userId": user}, {"type": "track", "event": town}]
    # The verdicts name the fields, and the log of rejects, which takes a secret key, has the bodies.
    traffic.send("POST", "/v1/batch", json.dumps({"batch": bad}), basic)
    for body in (f'{{"event": "{town}", "userId": "{user}"', f"[{json.dumps(mail)}]", f'{{"userId": "{user}\x01"}}'):
        traffic.send("POST", "/v1/track", body.encode(), basic)
    traffic.send("POST", "/v1/track", json.dumps(good).encode(), {**basic, "Content-Encoding": "gzip"})
    traffic.send("POST", "/v1/decide", json.dumps({"userId": user}), basic)
    traffic.send("GET", f"/v1/profiles/{user}", headers={"Authorization": f"Bearer {server.secret_key[:-1]}"})
    traffic.send("GET", "/v1/profiles/nobody", headers=bearer)
    traffic.send("PUT", "/v1/segments/wrong", f'segment wrong: did "{word()}" at lest 2 times'.encode(), bearer)
    made = traffic.send("POST", "/v1/webhooks", json.dumps({"url": "http://127.0.0.1:9/", "segments": ["buyers"]}),
                        bearer, is_quiet=False)
    webhook = json.loads(made[2])
    rotated = traffic.send("POST", f"/v1/webhooks/{webhook['id']}/rotate", "", bearer, is_quiet=False)
    # As they are shown, and the bytes that are signed with.
    for name, text in (("first", webhook["secret"]), ("second", json.loads(rotated[2])["secret"])):
        secrets[f"{name} secret of a webhook"] = text.removeprefix("whsec_")
        secrets[f"{name} key of a webhook"] = base64.b64decode(text.removeprefix("whsec_"))
    for path in ("/v1/rejects", f"/v1/profiles/{user}", "/v1/segments/buyers/changes"):
        traffic.send("GET", path, headers=bearer, is_quiet=False)
    time.sleep(1)
    traffic.send("GET", "/metrics", headers=bearer)


def main():
    program = sys.argv[1]
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        server = Served(program, os.path.join(folder, "data"))
        server.start()
        for _ in range(200):
            if server.setup_link:
                break
            time.sleep(0.05)
        shown = len(server.said)
        traffic, secrets = Traffic(server), {"secret key": server.secret_key}
        signing = next(line.split()[-1] for line in server.said if line.startswith("signing secret"))
        secrets |= {"signing secret": signing, "signing key": bytes.fromhex(signing)}
        people = {"mail": f"{word()}@shop.example", "device": word(), "user": word(), "town": word()}
        sign_in(traffic, secrets)
        shop(traffic, people, secrets)
        backup = os.path.join(folder, "backup")
        subprocess.run([program, "backup", backup, "--data", server.data], check=True, capture_output=True)
        log = "".join(server.said[shown:])
        server.stop()
        for name, secret in secrets.items():
            for form in forms(secret):
                for place in (server.data, backup):
                    found = places(place, form)
                    if found:
                        problems.append(f"the {name} is in {found}")
                if isinstance(form, bytes):
                    continue
                problems += [f"the {name} is in the log"] if form in log else []
                problems += [f"the {name} is in {of}: {answer[:200]}" for of, answer in traffic.quiet if form in answer]
        for name, text in people.items():
            for form in forms(text):
                problems += [f"the {name} of a shopper is in the log"] if form in log else []
                problems += [f"the {name} of a shopper is in {of}: {answer[:200]}"
                             for of, answer in traffic.quiet if form in answer]
        # The search finds what is there, bytes too.
        if not places(folder, b"SHS1"):
            problems.append("no secret is sealed: the search finds nothing")
        if not places(server.data, people["mail"]):
            problems.append("the shopper is nowhere in the data directory: the search finds nothing")
    if problems:
        print("\n".join(f"leaks: {problem}" for problem in problems), file=sys.stderr)
        sys.exit(1)
    print(f"leaks: {len(secrets)} secrets and {len(people)} texts of a shopper, {len(traffic.quiet)} answers, the log, "
          "the data directory and a backup searched: nothing where it must not be")


main()
