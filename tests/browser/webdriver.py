"""A browser for tests: a small client of the W3C WebDriver protocol, over chromedriver, with the standard library alone.

    with Browser() as b:
        b.open("http://127.0.0.1:8080/")
        b.one("#q").type("vélo" + ENTER)
        b.js("return document.title")

Headless Chromium with a profile of its own, which goes with it. chromedriver takes a free port of 127.0.0.1. Both are ended by
close(), by their own ids. No command takes longer than COMMAND_SECONDS, and none starts after the browser's own time is over: so a
page that hangs is a failure of one test, never a browser left behind.

Rules: https://www.w3.org/TR/webdriver2/; the log and the DevTools commands are chromedriver's own.
"""
import base64, contextlib, json, os, re, selectors, shutil, signal, subprocess, tempfile, time, urllib.error, urllib.request

ENTER, TAB, SPACE = "\ue007", "\ue004", " "
COMMAND_SECONDS, START_SECONDS = 20, 30
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"     # the protocol's own name for "a reference to an element"
TEXT = "e => e.checkVisibility() ? e.innerText : ''"
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=fr",
         "--window-size=1280,900")


def missing():
    """The words of what is not installed, "" when all is there."""
    names = [package for package, program in (("chromium", "chromium"), ("chromium-driver", "chromedriver")) if not shutil.which(program)]
    return f"not installed: {', '.join(names)}" if names else ""


def words(text):
    """Words one space apart, whatever was between them."""
    return " ".join(text.split())


class BrowserError(Exception):
    """What chromedriver answers to a command that it cannot do. kind: the protocol's word ("no such element")."""

    def __init__(self, kind, message):
        super().__init__(f"{kind}: {message}")
        self.kind = kind


class Element:
    def __init__(self, browser, reference):
        self.browser, self.reference = browser, reference

    def call(self, method, path, **body):
        return self.browser.call(method, f"/element/{self.reference[ELEMENT]}{path}", **body)

    @property
    def text(self):
        """What is on the page for a reader, a screen reader too; every white space is one space."""
        return words(self.browser.js(f"return ({TEXT})(arguments[0])", self.reference))

    @property
    def shown(self):
        return self.browser.js("return arguments[0].checkVisibility()", self.reference)

    @property
    def checked(self):
        return self.call("GET", "/selected")

    def property(self, name):
        return self.call("GET", "/property/" + name)

    def attribute(self, name):
        """As the page has it; None when it is not there."""
        return self.browser.js("return arguments[0].getAttribute(arguments[1])", self.reference, name)

    def click(self):
        """With the mouse, in its middle, on whatever is there: the driver's own click refuses what stands in a closed <details>,
        also where the style shows it."""
        self.browser.js("arguments[0].scrollIntoView({block: 'center'})", self.reference)
        self.browser.call("POST", "/actions", actions=[{"type": "pointer", "id": "mouse", "actions": [
            {"type": "pointerMove", "origin": self.reference, "x": 0, "y": 0},
            {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]}])

    def choose(self):
        """Takes an <option> of its list."""
        self.call("POST", "/click")

    def type(self, text):
        self.call("POST", "/value", text=text)

    def clear(self):
        self.call("POST", "/clear")

    def all(self, css):
        return [Element(self.browser, e) for e in self.call("POST", "/elements", using="css selector", value=css)]


class Browser:
    """seconds: after that long no command is begun any more."""

    def __init__(self, seconds=240):
        self.end, self.driver, self.address = time.monotonic() + seconds, None, None
        self.set = {}       # what is emulated: {command: its parameters}
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))      # loopback is never behind a proxy
        self.folder = tempfile.mkdtemp(prefix="glaneur-browser-")
        try:
            self.start_driver()
            self.start_session()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # ---- Starting and ending ----

    def start_driver(self):
        folders = {name: self.folder for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "TMPDIR")}
        self.driver = subprocess.Popen([shutil.which("chromedriver"), "--port=0"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, env={**os.environ, **folders}, start_new_session=True)
        said, deadline = b"", time.monotonic() + START_SECONDS
        with selectors.DefaultSelector() as ready:
            ready.register(self.driver.stdout, selectors.EVENT_READ)
            while not (port := re.search(rb"started successfully on port (\d+)", said)):
                if not ready.select(max(0, deadline - time.monotonic())):
                    raise AssertionError(f"chromedriver does not start: {said!r}")
                piece = os.read(self.driver.stdout.fileno(), 4096)
                if not piece:
                    raise AssertionError(f"chromedriver has ended: {said!r}")
                said += piece
        self.address = f"http://127.0.0.1:{int(port[1])}/session"

    def start_session(self):
        options = {"binary": shutil.which("chromium"), "args": [*FLAGS, f"--user-data-dir={os.path.join(self.folder, 'profile')}"]}
        answer = self.send("POST", "", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"},
            "unhandledPromptBehavior": "ignore", "timeouts": {"pageLoad": 10000, "script": 10000, "implicit": 0}}}}, START_SECONDS)
        self.address += "/" + answer["sessionId"]

    def close(self):
        """Ends the session, which ends Chromium; then what is left of both."""
        self.end = time.monotonic() + COMMAND_SECONDS
        if self.address and not self.address.endswith("/session"):
            with contextlib.suppress(BrowserError, OSError):
                self.send("DELETE", "")
        if self.driver:
            os.killpg(self.driver.pid, signal.SIGKILL)      # its own group, Chromium in it; the id is ours until wait()
            self.driver.wait()
            self.driver.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # ---- Commands ----

    def send(self, method, path, body=None, seconds=COMMAND_SECONDS):
        left = self.end - time.monotonic()
        if left <= 0:
            raise AssertionError("the time of the browser tests is over")
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with self.opener.open(request, timeout=min(seconds, left)) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as e:
            value = json.load(e)["value"]
            raise BrowserError(value["error"], value["message"].split("\n")[0]) from None

    def call(self, method, path, **body):
        return self.send(method, path, body if method == "POST" else None)

    def open(self, url):
        self.call("POST", "/url", url=url)

    def back(self):
        self.call("POST", "/back")

    @property
    def url(self):
        return self.call("GET", "/url")

    @property
    def title(self):
        return words(self.call("GET", "/title"))

    @property
    def source(self):
        return self.call("GET", "/source")

    @property
    def focused(self):
        return Element(self, self.call("GET", "/element/active"))

    @property
    def dialog(self):
        """The text of an open alert; None when there is none."""
        try:
            return self.call("GET", "/alert/text")
        except BrowserError as e:
            if e.kind != "no such alert":
                raise
            return None

    def all(self, css):
        return [Element(self, e) for e in self.call("POST", "/elements", using="css selector", value=css)]

    def texts(self, css):
        """The text of each element that matches."""
        return [words(text) for text in self.js(f"return [...document.querySelectorAll(arguments[0])].map({TEXT})", css)]

    def one(self, css):
        """The only element that matches."""
        found = self.all(css)
        if len(found) != 1:
            raise AssertionError(f"{len(found)} elements are {css} on {self.url}")
        return found[0]

    def link(self, text):
        """The only link with that text, as a person reads it."""
        found = [Element(self, e) for e in self.call("POST", "/elements", using="link text", value=text)]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} links are called {text!r} on {self.url}")
        return found[0]

    def js(self, script, *args):
        return self.call("POST", "/execute/sync", script=script, args=list(args))

    def press(self, *keys):
        """Keys, one after the other, to whatever has the focus."""
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.call("POST", "/actions", actions=[{"type": "key", "id": "keyboard", "actions": strokes}])

    def log(self):
        """What the console was told since the last call: [{level, source, message}]."""
        return self.call("POST", "/se/log", type="browser")

    def devtools(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", cmd=command, params=parameters)

    def emulate(self, command, **parameters):
        """Tells the browser, when it is another thing than before."""
        if self.set.get(command) != parameters:
            self.devtools("Emulation." + command, **parameters)
            self.set[command] = parameters

    def picture(self, path):
        with open(path, "wb") as f:
            f.write(base64.b64decode(self.call("GET", "/screenshot")))

    # ---- Conditions ----

    def scripts(self, enabled):
        """Whether the scripts of pages run, from the next page on. Those of js() always do."""
        self.emulate("setScriptExecutionDisabled", value=not enabled)

    def width(self, pixels=None):
        """A phone of that width, or the window as it is."""
        if pixels:
            self.emulate("setDeviceMetricsOverride", width=pixels, height=844, deviceScaleFactor=1, mobile=True)
        elif self.set.pop("setDeviceMetricsOverride", None):
            self.devtools("Emulation.clearDeviceMetricsOverride")

    def colours(self, scheme=None):
        """"light", "dark", or what the machine prefers."""
        features = [{"name": "prefers-color-scheme", "value": scheme}] if scheme else []
        self.emulate("setEmulatedMedia", features=features)
