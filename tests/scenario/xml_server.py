"""Small simulated CSW and OAI-PMH catalogues, on loopback, as far as a harvester asks them.

    with Csw([iso("a"), iso("b")]) as server:
        server.next = lambda start, shown, matched: 0       # what nextRecord says
        ...                                                 # harvest server.url
        server.asked                                        # (path, body) of each request, oldest first

    with Oai([dc("oai:h:1")], size=2) as server:
        server.expire_after = 1                             # the token that is asked for next is no longer known
"""
import re, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

GMD = ('xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco" '
       'xmlns:srv="http://www.isotc211.org/2005/srv" xmlns:xlink="http://www.w3.org/1999/xlink"')
HTML = b"<!DOCTYPE html><html><head><title>Connexion</title></head><body>Connectez-vous</body></html>"


def text(value):
    return f"<gco:CharacterString>{escape(value)}</gco:CharacterString>"


def iso(identifier, title=None, level="dataset", inside="", behind=""):
    """A record of ISO 19139: (its id, its XML). `inside` its identification, and behind that."""
    kind = "srv:SV_ServiceIdentification" if level == "service" else "gmd:MD_DataIdentification"
    body = (f'<gmd:MD_Metadata {GMD}><gmd:fileIdentifier>{text(identifier)}</gmd:fileIdentifier>'
            f'<gmd:language>{text("fre")}</gmd:language><gmd:hierarchyLevel><gmd:MD_ScopeCode codeListValue="{level}"/></gmd:hierarchyLevel>'
            f'<gmd:identificationInfo><{kind}><gmd:citation><gmd:CI_Citation><gmd:title>{text(title or "Jeu " + identifier)}</gmd:title>'
            f'</gmd:CI_Citation></gmd:citation>{inside}</{kind}></gmd:identificationInfo>{behind}</gmd:MD_Metadata>')
    return identifier, body


def exception(code, locator, said):
    return (f'<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows" version="1.2.0"><ows:Exception exceptionCode="{code}" '
            f'locator="{locator}"><ows:ExceptionText>{said}</ows:ExceptionText></ows:Exception></ows:ExceptionReport>').encode()


def dc(identifier, title=None, more=""):
    """A record of Dublin Core for OAI-PMH: (its id, its metadata)."""
    return identifier, ('<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
                        f'<dc:title>{escape(title or "Notice " + identifier)}</dc:title>{more}</oai_dc:dc>')


class XmlServer:
    """A server on 127.0.0.1 whose `answer(args, body)` gives bytes, or (status, headers, bytes)."""

    def __init__(self):
        self.asked, self.lock, self.instead = [], threading.Lock(), []
        catalogue = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self.reply("")

            def do_POST(self):
                self.reply(self.rfile.read(int(self.headers["Content-Length"])).decode())

            def reply(self, body):
                args = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query, keep_blank_values=True).items()}
                with catalogue.lock:
                    catalogue.asked.append((self.path, body))
                    answer = catalogue.take(self.path, body)
                    if answer is None:      # an empty one is an answer
                        answer = catalogue.answer(args, body)
                status, headers, content = answer if isinstance(answer, tuple) else (200, {}, answer)
                self.send_response(status)
                for name, value in {"Content-Type": "text/xml; charset=utf-8", **headers, "Content-Length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args):
                pass
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.host = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def say(self, part, answer, times=1):
        """Another answer where the path or the body holds `part`, so many times."""
        self.instead += [(part, answer)] * times

    def take(self, path, body):
        for i, (part, answer) in enumerate(self.instead):
            if part in path or part in body:
                del self.instead[i]
                return answer
        return None

    def forget(self):
        with self.lock:
            self.asked.clear()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Csw(XmlServer):
    """GetRecords by POST, GetRecordById. `records`: (id, XML) pairs; `wrap`: they are given as they are."""

    def __init__(self, records, most=1000):
        self.records, self.most, self.refuses_sort, self.counts = list(records), most, (), True
        self.next = lambda start, shown, matched: start + shown if start + shown <= matched else 0
        super().__init__()
        self.url = self.host + "/csw"

    def answer(self, args, body):
        if not body:
            found = [xml for identifier, xml in self.records if identifier == args.get("id")]
            return (f'<csw:GetRecordByIdResponse xmlns:csw="http://www.opengis.net/cat/csw/2.0.2">{"".join(found)}'
                    '</csw:GetRecordByIdResponse>').encode()
        sort = re.search(r"<ogc:PropertyName>([^<]*)", body)
        if sort and sort[1] in self.refuses_sort:
            return exception("InvalidParameterValue", "SortBy", f"unknown property {sort[1]}")
        start, rows = int(re.search(r'startPosition="(\d+)"', body)[1]), int(re.search(r'maxRecords="(\d+)"', body)[1])
        listed = sorted(self.records, key=lambda r: r[0]) if sort else self.records
        shown = listed[start - 1:start - 1 + min(rows, self.most)]
        following = self.next(start, len(shown), len(listed))
        counts = f'numberOfRecordsMatched="{len(listed)}" numberOfRecordsReturned="{len(shown)}"' if self.counts else ""
        following = "" if following is None else f' nextRecord="{following}"'
        return (f'<?xml version="1.0" encoding="UTF-8"?><csw:GetRecordsResponse xmlns:csw="http://www.opengis.net/cat/csw/2.0.2">'
                f'<csw:SearchStatus timestamp="2026-01-01T00:00:00"/><csw:SearchResults {counts}{following} elementSet="full">'
                f'{"".join(xml for _, xml in shown)}</csw:SearchResults></csw:GetRecordsResponse>').encode()

    def starts(self):
        with self.lock:
            return [int(m[1]) for _, body in self.asked if (m := re.search(r'startPosition="(\d+)"', body))]


class Oai(XmlServer):
    """ListRecords with resumption tokens, GetRecord is not offered. `deleted`: ids that are said to be so, the first of all with
    `deleted_first`; `hidden`: ids that are counted and not shown; `pause`: seconds before an answer."""

    def __init__(self, records, size=10):
        self.records, self.size, self.deleted, self.expire_after, self.sizes, self.dates = list(records), size, [], None, True, {}
        self.deleted_first, self.hidden, self.pause = False, (), 0
        super().__init__()
        self.url = self.host + "/oai"

    def error(self, code, said=""):
        return self.envelope(f'<error code="{code}">{said}</error>')

    def envelope(self, inside):
        return ('<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>'
                f'2026-01-01T00:00:00Z</responseDate><request>{self.url}</request>{inside}</OAI-PMH>').encode()

    def answer(self, args, body):
        time.sleep(self.pause)
        if args.get("verb") != "ListRecords":
            return self.error("badVerb")
        if "resumptionToken" in args:
            if set(args) != {"verb", "resumptionToken"}:
                return self.error("badArgument", "resumptionToken is exclusive")
            if self.expire_after is not None:
                self.expire_after -= 1
                if self.expire_after < 0:
                    self.expire_after = None
                    return self.error("badResumptionToken", "expired")
            start, name = args["resumptionToken"].split("/é&=", 1)
        else:
            start, name = 0, args.get("set", "")
        listed = [("", i, m) for i, m in self.records]
        deleted = [(' status="deleted"', i, None) for i in self.deleted]
        listed = deleted + listed if self.deleted_first else listed + deleted
        if name:
            listed = [r for r in listed if r[1].startswith(name)]
        if "from" in args:
            listed = [r for r in listed if self.dates.get(r[1], "2020-01-01") >= args["from"]]
        if not listed:
            return self.error("noRecordsMatch")
        start = int(start)
        shown = listed[start:start + self.size]
        items = "".join(f'<record><header{status}><identifier>{i}</identifier><datestamp>{self.dates.get(i, "2020-01-01")}</datestamp></header>'
                        + (f"<metadata>{m}</metadata>" if m is not None else "") + "</record>" for status, i, m in shown if i not in self.hidden)
        end = start + self.size >= len(listed)
        size = f' completeListSize="{len(listed)}" cursor="{start}"' if self.sizes else ""
        token = "" if end else escape(f"{start + self.size}/é&={name}")
        return self.envelope(f"<ListRecords>{items}<resumptionToken{size}>{token}</resumptionToken></ListRecords>")
