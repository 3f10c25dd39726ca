"""Goes through the dashboard of 'shoal serve' in Chromium; see scripts/browser."""

import argparse
import importlib.resources
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading

from playwright.sync_api import sync_playwright

EMAIL, PASSWORD = "ann@shop.example", "four small fish swim"
WIDTHS = [360, 1024, 1920]
FUNNEL = "/funnels?step1=Product%20Viewed&step2=Product%20Added&step3=Order%20Completed&period=90-days"
problems = []


def say(text):
    print(f"browser: {text}", flush=True)


def problem(text):
    problems.append(text)
    print(f"browser: PROBLEM {text}", file=sys.stderr, flush=True)


class Server:
    """A served demonstration store in a folder of its own."""

    def __init__(self, shoal, profiles):
        self.folder = tempfile.mkdtemp(prefix="shoal-browser-")
        self.shoal = shoal
        data = f"{self.folder}/store"
        made = subprocess.run([shoal, "demo", "--data", data, "--profiles", str(profiles), "--json"], capture_output=True)
        if made.returncode != 0:
            sys.exit(f"browser: the demonstration store could not be made: {made.stderr.decode()[-500:]}")
        # While it is served, other commands are refused.
        board = subprocess.run([shoal, "board", "--data", data, "--json"], capture_output=True, check=True)
        self.board = json.loads(board.stdout)["period"]
        self.process = subprocess.Popen(
            [shoal, "serve", "--data", data, "--port", "0"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        self.write_key = self.address = self.setup = None
        for line in self.process.stderr:
            if match := re.match(r"write key.*: +(\S+)", line):
                self.write_key = match[1]
            if match := re.match(r"set up the first user: (\S+)", line):
                self.setup = match[1]
                # The browser keeps a session for the name that it was begun with.
                self.address = self.setup.rsplit("/", 1)[0]
                break
        # Nobody reads what else it says, and a full pipe would stop it.
        threading.Thread(target=lambda: [None for _ in self.process.stderr], daemon=True).start()

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)


def watch(page):
    """Takes note of everything that goes wrong in a page."""
    # A form that says what is wrong answers 422, which Chromium reports.
    page.on("console", lambda message: message.type == "error" and "status of 422" not in message.text
            and problem(f"{page.url}: console: {message.text}"))
    page.on("pageerror", lambda error: problem(f"{page.url}: script: {error}"))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', e =>"
        " console.error('CSP: ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile + ':' + e.lineNumber))")


def axe_finds(page, axe):
    """What axe calls serious or critical. It is evaluated by the debugger, which no policy of the page forbids."""
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    if not found["passes"]:
        problem(f"{page.url}: axe looked at nothing")
    for violation in found["violations"]:
        if violation["impact"] in ("serious", "critical"):
            where = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
            problem(f"{page.url}: axe: {violation['id']}: {violation['help']}: {where}")


def wait_until(page, expression):
    """Asked again and again from outside: the page's policy lets nothing in it evaluate texts."""
    for _ in range(150):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise TimeoutError(f"never true at {page.url}: {expression}")


def figures_are_there(page):
    """Waits until figures that are computed in the background are shown."""
    for _ in range(40):
        if page.locator("meta[http-equiv=refresh]").count() == 0:
            return
        page.wait_for_timeout(500)
        page.reload()
    problem(f"{page.url}: figures did not come")


def sign_in(page, server):
    page.goto(server.setup)
    page.get_by_label("Your name").fill("Ann")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Set up").click()
    page.wait_for_url(server.address + "/")


def check_pages(page, server, paths, axe):
    for path in paths:
        response = page.goto(server.address + path)
        if response.status != 200:
            problem(f"{path} answers {response.status}")
            continue
        figures_are_there(page)
        page.wait_for_timeout(300)
        axe_finds(page, axe)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
            problem(f"{path} is wider than the window")
    say(f"{len(paths)} pages at {page.viewport_size['width']} pixels")


def walk(page, server):
    """The way of a merchant: see segments, build one by clicking, find a person, read why, take the list, leave."""
    page.goto(server.address + "/segments")
    page.get_by_role("link", name="New segment").click()
    tree = page.locator("#tree")
    tree.get_by_label("Name", exact=True).fill("spenders")
    tree.get_by_label("Title", exact=True).fill("Spenders")
    tree.get_by_role("button", name="Put into a group").click()
    tree.get_by_label("Add a condition").select_option("metric")
    tree.get_by_label("Value").fill("150")
    wait_until(page, "document.getElementById('definition').value.includes('net_revenue >= 150')")
    page.wait_for_selector("#live[aria-busy=false] .size")
    counted = page.locator("#live .size").inner_text()
    if not re.match(r"^[0-9,]+$", counted) or counted == "0":
        problem(f"the builder counts {counted}")
    area = page.locator("#definition")
    area.fill(area.input_value().replace("at least 2 times", "at least 1 time"))
    wait_until(page, "[...document.querySelectorAll('#tree [aria-label=\"How many\"]')].some(one => one.value === '1')")
    area.fill(area.input_value().replace("net_revenue >= 150", "in segment nobody_knows"))
    page.wait_for_selector("#problems li.error")
    area.fill(area.input_value().replace("in segment nobody_knows", "net_revenue >= 150"))
    page.wait_for_selector("#problems li", state="detached")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(server.address + "/segments/spenders")
    figures_are_there(page)
    page.get_by_role("link", name="Members", exact=True).click()
    figures_are_there(page)
    page.locator("tbody th a").first.click()
    page.locator("#timeline").wait_for()
    page.get_by_role("link", name="Why in Spenders").click()
    if "Spenders" not in page.get_by_role("heading", level=1).inner_text():
        problem("the page that says why does not")
    page.goto(server.address + "/segments/spenders")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    lines = pathlib.Path(download.value.path()).read_bytes().decode().split("\r\n")
    if lines[0] != "profile_id,name,email,net_orders,net_revenue,last_seen" or len(lines) < 3:
        problem(f"the file of members begins with {lines[:2]}")
    page.goto(server.address + "/data/live")
    wait_until(page, "document.getElementById('state').textContent.startsWith('Watching')")
    page.request.post(
        server.address + "/v1/track", data={"event": "Browser Checked", "userId": "browser"},
        headers={"Authorization": f"Bearer {server.write_key}"})
    page.get_by_role("rowheader", name="Browser Checked").wait_for()
    switch = page.locator(".rail [data-theme-switch]")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    switch.click()
    if page.evaluate("getComputedStyle(document.body).backgroundColor") == before:
        problem("the switch of colours does nothing")
    erase_somebody(page, server)
    page.goto(server.address + "/segments/buyers/members?page=2")
    page.context.clear_cookies()
    page.reload()
    page.get_by_label("E-mail address").fill(EMAIL)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(server.address + "/segments/buyers/members?page=2")
    page.locator(".rail").get_by_role("button", name="Sign out").click()
    page.wait_for_url(server.address + "/login")
    say("the whole way")


def walk_funnel(page, server):
    """From the steps of a funnel to those who were lost, and from them to a segment."""
    page.goto(server.address + "/")
    page.locator(".rail").get_by_role("link", name="Funnels").click()
    page.get_by_label("Step 1", exact=True).fill("Product Viewed")
    where = page.get_by_label("Step 1 where")
    where.focus()
    wait_until(page, "document.getElementById('where1-names').options.length > 3")
    where.fill("price > 5")
    page.get_by_label("Step 2", exact=True).fill("Product Added")
    page.get_by_role("button", name="One more step").click()
    page.get_by_label("Step 4", exact=True).fill("Order Completed")
    page.get_by_label("Period", exact=True).select_option("all")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/funnels?*")
    figures_are_there(page)
    if "from=" in page.url or "step3" in page.url:
        problem(f"the address has fields that say nothing: {page.url}")
    drop = page.locator(".funnel .lost a").first
    lost = re.match(r"[0-9,]+", drop.inner_text())[0]
    drop.click()
    figures_are_there(page)
    if not page.locator(".head p").last.inner_text().startswith(f"{lost} profile"):
        problem(f"{lost} were lost, but the list says {page.locator('.head p').last.inner_text()}")
    page.get_by_role("link", name="Make it a segment").click()
    page.wait_for_selector("#live[aria-busy=false] .size")
    counted = page.locator("#live .size").inner_text()
    if counted != lost:
        problem(f"{lost} were lost, but the builder counts {counted}")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(server.address + "/segments/dropped_after_step_1")
    say(f"from a funnel to a segment of {lost}")


def walk_start(page, server):
    """The figures of the start page are those of the command, and what comes in shows there."""
    page.goto(server.address + "/")
    figures_are_there(page)
    shown = page.locator(".figures > div", has=page.get_by_text("Orders", exact=True)).locator("dd").first.inner_text()
    if shown.replace(",", "") != str(server.board["orders"]):
        problem(f"the start page shows {shown} orders, shoal board {server.board['orders']}")
    page.request.post(
        server.address + "/v1/track", data={"event": "Ticker Checked", "userId": "ticker"},
        headers={"Authorization": f"Bearer {server.write_key}"})
    page.locator("#ticker").get_by_text("Ticker Checked").wait_for()
    page.get_by_label("Period", exact=True).select_option("days")
    page.get_by_label("First day").fill("2026-02-01")
    page.get_by_label("Last day").fill("2026-01-01")
    page.get_by_role("button", name="Show").click()
    page.locator("#through-wrong").wait_for()
    say("the start page")


FILE = """Bestellung;Kundennummer;Datum;Betrag;Farbe
f-1;filed-ada;25.01.2026;30,50;rot
f-2;filed-eve;26.01.2026;70,00;blau
f-3;filed-eve;27.01.2026;viel;blau
"""


def import_a_file(page, server, axe):
    """Drops a file whose columns nobody knows, says what they are, imports it, and finds who stands in it."""
    page.goto(server.address + "/data/import")
    page.evaluate(
        """(text) => {
            const data = new DataTransfer();
            data.items.add(new File([text], "Umsatz <2026>.csv", {type: "text/csv"}));
            for (const name of ["dragover", "drop"])
                document.getElementById("drop").dispatchEvent(new DragEvent(name, {dataTransfer: data, bubbles: true, cancelable: true}));
        }""", FILE)
    page.wait_for_url(re.compile(r"/data/import/\d+$"))
    path = page.url
    axe_finds(page, axe)
    if page.get_by_role("button", name="Import it").count():
        problem("a file that cannot be read can be imported")
    page.get_by_label("What is it about?").select_option("orders")
    for column, field in [("Bestellung", "order"), ("Kundennummer", "customer"), ("Datum", "time"), ("Betrag", "amount")]:
        page.get_by_label(f"What {column} is").select_option(field)
    page.get_by_label("Currency of amounts that name none").fill("EUR")
    page.get_by_role("button", name="Look again").click()
    page.get_by_role("heading", name="What the first rows become").wait_for()
    page.get_by_role("heading", name="What would be refused").wait_for()
    axe_finds(page, axe)
    page.get_by_role("button", name="Import it").click()
    page.get_by_role("heading", name="What was stored").wait_for()
    if page.url != path:
        problem(f"the import led from {path} to {page.url}")
    axe_finds(page, axe)
    with page.expect_download() as download:
        page.get_by_role("link", name="The rejected rows").click()
    if b"bad-number" not in pathlib.Path(download.value.path()).read_bytes():
        problem("the rejected row lacks its reason")
    page.get_by_role("link", name="To the segments").click()
    page.wait_for_url(server.address + "/segments")
    page.goto(server.address + "/profiles?q=filed-eve")
    page.get_by_role("heading", name="filed-eve").wait_for()
    page.locator("#timeline").get_by_text("f-2").first.wait_for()
    page.get_by_role("link", name=re.compile("^Why in ")).first.click()
    if "filed-eve is in" not in page.get_by_role("heading", level=1).inner_text():
        problem("the page that says why filed-eve is in a segment does not")
    say("a file was imported")


def make_a_backup(page, server):
    """Backs the store up while it is served, and sees that the page of settings knows."""
    page.goto(server.address + "/settings")
    if not page.get_by_text("No backup of this store is known").count():
        problem("nothing is said of a backup that was never made")
    made = subprocess.run(
        [server.shoal, "backup", f"{server.folder}/copy", "--verify", "--data", f"{server.folder}/store"], capture_output=True)
    if made.returncode != 0:
        problem(f"the backup failed: {made.stderr.decode()[-500:]}")
    page.reload()
    page.get_by_text(f"{server.folder}/copy").wait_for()
    page.get_by_text("verified", exact=True).wait_for()
    say("a backup")


def keys_and_webhooks(page, server, axe):
    """Makes a key that works at once, and a webhook."""
    page.goto(server.address + "/settings/keys")
    page.get_by_label("Name", exact=True).fill("browser key")
    page.get_by_role("button", name="Make a key").click()
    key = page.locator("#once").inner_text()
    sent = page.request.post(
        server.address + "/v1/track", data={"event": "Key Checked", "userId": "browser"},
        headers={"Authorization": f"Bearer {key}"})
    if sent.status != 200:
        problem(f"a new key is answered {sent.status}")
    axe_finds(page, axe)
    page.goto(server.address + "/settings/webhooks")
    page.get_by_label("Address").fill("https://crm.example/shoal")
    page.get_by_label("Segments", exact=True).fill("nobody_knows")
    page.get_by_role("button", name="Make it").click()
    page.get_by_text("There is no segment “nobody_knows”").wait_for()
    if page.get_by_label("Address").input_value() != "https://crm.example/shoal":
        problem("what was typed is gone")
    page.get_by_label("Segments", exact=True).fill("buyers")
    page.get_by_role("button", name="Make it").click()
    if not page.locator("#once").inner_text().startswith("whsec_"):
        problem("the secret of a webhook is not shown")
    axe_finds(page, axe)
    say("a key and a webhook")


def erase_somebody(page, server):
    """Takes along what there is of a person, then erases them."""
    page.goto(server.address + "/profiles?q=browser")
    profile = page.url
    with page.expect_download() as download:
        page.get_by_role("link", name="Export everything").click()
    if b"Browser Checked" not in pathlib.Path(download.value.path()).read_bytes():
        problem("the export lacks what was sent")
    page.get_by_text("Erase this person").click()
    page.get_by_label("Id", exact=True).fill("browser")
    page.get_by_role("button", name="Erase for good").click()
    page.wait_for_url(server.address + "/profiles?erased")
    if page.request.get(profile).status != 404:
        problem("who was erased is still there")


def take_pictures(browser, server, state, paths, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        for scheme in ["light", "dark"]:
            context = browser.new_context(
                storage_state=state, viewport={"width": width, "height": 900}, color_scheme=scheme)
            page = context.new_page()
            for path in paths:
                page.goto(server.address + path)
                figures_are_there(page)
                page.wait_for_timeout(400)
                name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "overview"
                page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
            context.close()
    say(f"pictures in {folder}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("shoal")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--pictures")
    arguments = parser.parse_args()
    axe = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text()
    server = Server(arguments.shoal, 300 if arguments.short else 2000)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            page = context.new_page()
            watch(page)
            page.goto(server.address + "/login")
            axe_finds(page, axe)
            sign_in(page, server)
            state = context.storage_state()
            page.goto(server.address + "/profiles")
            figures_are_there(page)
            person = page.locator("tbody th a").first.get_attribute("href")
            paths = [
                "/", "/segments", "/segments/buyers", "/segments/new", "/segments/cart_abandoners/edit",
                "/?period=90-days", "/funnels", FUNNEL, f"{FUNNEL}&by=category", "/retention", "/retention?by=month&kind=rolling",
                "/paths?start=Product%20Added", "/paths?start=Order%20Completed&direction=before&depth=4", "/rfm",
                "/rfm?purchases=days&colours=revenue", "/satisfaction", "/satisfaction?per=buyers&by=week",
                "/segments/buyers/members", "/profiles", person, f"{person}/why/buyers", "/data",
                "/data/events/Order%20Completed", "/data/live", "/data/rejects", "/data/products", "/settings",
                "/settings/users", "/settings/audit", "/settings/workspace", "/settings/keys", "/settings/webhooks", "/data/import", "/api", "/password",
            ]
            for width in [1280] if arguments.short else [1280, 360]:
                page.set_viewport_size({"width": width, "height": 900})
                check_pages(page, server, paths, axe)
            page.set_viewport_size({"width": 1280, "height": 900})
            page.emulate_media(color_scheme="dark")
            check_pages(page, server, ["/segments", "/segments/buyers", person], axe)
            page.emulate_media(color_scheme="light")
            if arguments.pictures:
                take_pictures(browser, server, state, paths, arguments.pictures)
            walk_start(page, server)
            walk_funnel(page, server)
            import_a_file(page, server, axe)
            keys_and_webhooks(page, server, axe)
            make_a_backup(page, server)
            walk(page, server)
            browser.close()
    finally:
        server.stop()
    if problems:
        sys.exit(f"browser: {len(problems)} problems")
    say("all is well")


main()
