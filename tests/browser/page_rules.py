"""What must hold on every page, told by the browser itself: each function gives a list of complaints, empty on a good page.

Sources: WCAG 2.1 (1.3.1 headings and labels, 1.4.3 and 1.4.11 contrast, 1.4.10 reflow, 2.4.7 visible focus), as RGAA 4.1 asks for them.
"""

STRUCTURE = r"""
const wrong = [], say = (...words) => wrong.push(words.join(" "));
const all = css => [...document.querySelectorAll(css)];
const seen = e => e.getClientRects().length > 0;
const name = e => e.outerHTML.slice(0, 120);
for (const d of all("details")) d.open = true;
if (document.documentElement.lang !== "fr") say("the language is", document.documentElement.lang);
if (!/^\S.* – Glaneur$/.test(document.title)) say("the title is", document.title);
if (!all("meta[name=viewport]").length) say("no viewport");
for (const css of ["h1", "main", "main#contenu", "header.top", "footer", "nav[aria-label='Menu principal']"])
    if (all(css).length !== 1) say(all(css).length, "elements are", css);
let before = 0;
for (const h of all("h1, h2, h3, h4, h5, h6").filter(seen)) {
    const level = +h.tagName[1];
    if (level > before + 1) say("h" + level, "follows", "h" + before, name(h));
    if (!h.innerText.trim()) say("an empty heading", name(h));
    before = level;
}
const first = document.body.firstElementChild;
if (!first.matches("a.skip[href='#contenu']")) say("the body starts with", name(first));
for (const field of all("input:not([type=hidden]), select, textarea"))
    if (![...field.labels].some(label => label.innerText.trim())) say("no label for", name(field));
for (const e of all("button, a, summary, legend, th, dt"))
    if (!e.textContent.trim()) say("no text in", name(e));
for (const a of all("a"))
    if (!a.getAttribute("href")) say("no address in", name(a));
for (const e of all("img, picture, video, iframe, object, embed, script:not([src='/suggest.js']), style, [style]")) say("a page holds", name(e));
for (const e of all("*"))
    for (const attribute of e.attributes)
        if (attribute.name.startsWith("on")) say("a handler in", name(e));
for (const e of all("[id]"))
    if (all("#" + CSS.escape(e.id)).length > 1) say("twice the id", e.id);
for (const attribute of ["aria-labelledby", "for", "form"])
    for (const e of all("[" + attribute + "]"))
        for (const id of e.getAttribute(attribute).split(" "))
            if (!document.getElementById(id)) say("nothing has the id of", name(e));
for (const e of all("ul, ol"))
    for (const child of e.children)
        if (child.tagName !== "LI") say("not an item of a list:", name(child));
for (const a of all("a[href]")) {
    const url = new URL(a.href);
    if (!["http:", "https:", "mailto:"].includes(url.protocol)) say("an address that runs:", name(a));
    if (url.protocol !== "mailto:" && url.origin !== location.origin)
        for (const word of ["noopener", "noreferrer"])
            if (!a.relList.contains(word)) say("no", word, "in", name(a));
}
for (const entry of performance.getEntriesByType("resource"))
    if (new URL(entry.name).origin !== location.origin) say("loaded from elsewhere:", entry.name);
if (document.cookie) say("a cookie:", document.cookie);
if (localStorage.length + sessionStorage.length) say("something is kept in the browser");
return wrong;
"""

OVERFLOW = r"""
const width = arguments[0], wrong = [];
for (const d of document.querySelectorAll("details")) d.open = true;
if (innerWidth !== width) wrong.push("the window is " + innerWidth + " wide");
if (document.documentElement.scrollWidth > width) {
    wrong.push("the page is " + document.documentElement.scrollWidth + " wide");
    for (const e of document.body.querySelectorAll("*"))
        if (e.getBoundingClientRect().right > width + 0.5 && !e.closest(".scroll, .hidden")) wrong.push(e.outerHTML.slice(0, 120));
}
return wrong.slice(0, 8);
"""

CONTRAST = r"""
const parse = colour => {
    const m = colour.match(/^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/);
    if (!m) throw new Error("a colour that is not read: " + colour);
    return [+m[1], +m[2], +m[3], m[4] === undefined ? 1 : +m[4]];
};
const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
const ground = element => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
        layers.push(parse(getComputedStyle(e).backgroundColor));
        if (layers[layers.length - 1][3] === 1) return layers.reduceRight((under, top) => over(top, under));
    }
    throw new Error("no ground under " + element.outerHTML.slice(0, 120));
};
const channel = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
const luminance = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
const ratio = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
};
const variable = word => {
    const probe = document.body.appendChild(document.createElement("span"));
    probe.style.color = "var(" + word + ")";
    const colour = getComputedStyle(probe).color;
    probe.remove();
    return colour;
};
const link = variable("--link"), visited = variable("--visited"), wrong = new Set();
let count = 0;
const check = (e, what, colour, least) => {
    const under = ground(e), found = ratio(over(parse(colour), under), under);
    count++;
    if (found < least) wrong.add(found.toFixed(2) + " " + what + ": " + colour + " on " + under.slice(0, 3) + " in " + e.outerHTML.slice(0, 100));
};
for (const d of document.querySelectorAll("details")) d.open = true;
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !e.getClientRects().length) continue;
    const colour = getComputedStyle(e).color;
    check(e, "text", colour, 4.5);
    if (colour === link && e.closest("a")) check(e, "visited link", visited, 4.5);
}
for (const e of document.querySelectorAll(".field input, select, button")) {
    check(e, "text of a control", getComputedStyle(e).color, 4.5);
    check(e.parentElement, "border of a control", getComputedStyle(e).borderTopColor, 3);
}
if (count < 20) wrong.add("only " + count + " texts were looked at");
return [...wrong];
"""

# The element that has the focus: what it is, whether a person sees that it has it.
FOCUS = r"""
const e = document.activeElement, style = getComputedStyle(e), box = e.getClientRects()[0], wrong = [];
if (e === document.body) return null;
if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) wrong.push("no outline");
if (!box || box.width < 1 || box.height < 1) wrong.push("no size");
else {
    const x = box.left + box.width / 2, y = box.top + box.height / 2, top = document.elementFromPoint(x, y);
    if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) wrong.push("outside the window");
    else if (!(e.contains(top) || top && top.contains(e))) wrong.push("under " + (top && top.outerHTML.slice(0, 80)));
}
return {what: e.outerHTML.slice(0, 120), wrong: wrong, id: e.id, href: e.getAttribute("href"), name: e.getAttribute("name"),
        text: e.innerText, order: [...document.querySelectorAll("*")].indexOf(e)};
"""

# How many elements a person should reach with the Tab key.
REACHABLE = r"""
return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")]
    .filter(e => e.getClientRects().length && getComputedStyle(e).visibility === "visible" && e.checkVisibility({contentVisibilityAuto: false}))
    .map(e => e.outerHTML.slice(0, 120));
"""


def structure(browser):
    return browser.js(STRUCTURE)


def overflow(browser, width):
    """The page is shown width pixels wide. Opens every <details> first."""
    return browser.js(OVERFLOW, width)


def contrast(browser):
    """Every text, the colour of visited links too (which a page cannot ask for), and the borders of controls."""
    return browser.js(CONTRAST)


def focus(browser):
    """None when nothing has the focus."""
    return browser.js(FOCUS)


def reachable(browser):
    return browser.js(REACHABLE)
