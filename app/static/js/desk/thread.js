// The thread: stays at the newest word while one reads it, says when newer ones came, loads earlier ones,
// tells the server what was seen, asks for what changed since its rev.
const MOST_SHOWN = 100;
const NEAR = 60; // pixels from the newest word that still count as being there
const LOOKS_EVERY = 8000;
const GIVEN_UP = 20000; // without an answer

const log = () => document.getElementById("log");
const flow = () => document.getElementById("flow");
// The log runs upside down (column-reverse): 0 is the newest word, above it is negative.
const atEnd = () => !log() || Math.abs(log().scrollTop) < NEAR;
let wasAtEnd = true;

async function changes() {
  const shown = flow();
  if (!shown) return;
  const url = `/chats/${shown.dataset.chat}/changes?since=${shown.dataset.rev}`;
  const answer = await fetch(url, { headers: { "HX-Request": "true", "X-Unattended": "1" } }).catch(() => null);
  const html = await answer?.text().catch(() => undefined);
  if (html === undefined || flow() !== shown) return;
  if (answer.status === 409) return renew(shown);
  if (!answer.ok) return;
  absorb(html);
  shown.dataset.rev = answer.headers.get("X-Rev") ?? shown.dataset.rev;
}

// Too much to bring it one by one: the newest words, as whoever opens the chat sees them.
async function renew(shown) {
  const answer = await fetch(`/chats/${shown.dataset.chat}`, { headers: { "HX-Request": "true", "X-Unattended": "1" } }).catch(() => null);
  const drawn = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("flow");
  if (!drawn || flow() !== shown) return;
  shown.replaceWith(drawn);
  window.htmx.process(drawn);
  toEnd();
  seen();
}

// Many fragments at once: each takes its place as a pushed one would.
function absorb(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  for (const fresh of [...holder.content.children]) {
    document.dispatchEvent(new CustomEvent("live:add", { detail: { html: fresh.outerHTML, list: "flow" } }));
  }
}

// What is earlier is loaded on demand, and what is later where after a search the window stands in the past.
async function load(link, url) {
  if (link.hasAttribute("aria-busy")) return;
  link.setAttribute("aria-busy", "true");
  const asked = { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(GIVEN_UP) };
  const answer = await fetch(url, asked).catch(() => null);
  const html = await answer?.text().catch(() => undefined);
  link.removeAttribute("aria-busy");
  if (!answer?.ok || html === undefined) return refused({ status: answer?.status, html });
  if (!link.isConnected) return; // the talk of another client is open by now
  link.closest("#older, #later").remove();
  absorb(html);
}

function refused(detail) {
  document.dispatchEvent(new CustomEvent("refused", { detail }));
}

// A long watch would fill the page: what is far above goes and is loaded again on demand.
function trim() {
  const bubbles = flow()?.querySelectorAll(".msg") ?? [];
  if (bubbles.length <= MOST_SHOWN || !atEnd()) return;
  const first = bubbles[bubbles.length - MOST_SHOWN];
  while (flow().firstElementChild !== first) flow().firstElementChild.remove();
  const { chat } = flow().dataset;
  const before = first.dataset.order;
  const words = flow().dataset.earlier;
  absorb(`<div class="event" id="older" data-order="0"><a class="link" href="/chats/${chat}?before=${before}" data-older="/chats/${chat}/older?before=${before}">${words}</a></div>`);
}

function arrived({ detail }) {
  const fresh = document.getElementById(detail.id);
  if (!detail.fresh && fresh?.matches(".client[data-album]")) more();
  if (!detail.fresh || !fresh?.matches(".msg") || fresh !== flow()?.querySelector("article:last-of-type")) return;
  if (fresh.matches(".mine")) document.getElementById("unread")?.remove();
  if (wasAtEnd || fresh.matches(".mine, .note")) toEnd();
  else document.getElementById("newer").hidden = false;
  if (fresh.matches(".client")) flow().dataset.unread = String(Number(flow().dataset.unread) + 1);
  seen();
  trim();
}

// Another part of an album that stands here already.
function more() {
  flow().dataset.unread = String(Number(flow().dataset.unread) + 1);
  if (wasAtEnd) toEnd();
  seen();
}

function toEnd() {
  log().scrollTop = 0;
  document.getElementById("newer").hidden = true;
}

// Only the owner's looking counts as seen; the server knows whose chat it is.
function seen() {
  const shown = flow();
  if (!shown || document.hidden || !atEnd() || document.getElementById("later") || !Number(shown.dataset.unread)) return;
  shown.dataset.unread = "0";
  const headers = { "HX-Request": "true", "X-CSRF-Token": document.querySelector("meta[name=csrf]").content };
  fetch(`/chats/${shown.dataset.chat}/seen`, { method: "POST", headers })
    .catch(() => null)
    .then((answer) => { if (!answer?.ok) shown.dataset.unread = "1"; });
}

function here() {
  const chat = Number(flow()?.dataset.chat);
  if (chat && !document.hidden) document.dispatchEvent(new CustomEvent("live:here", { detail: { chat, what: "looks" } }));
}

// Colleagues here: everyone gets the same line, one's own name is left out. It passes when nobody renews it.
let passing = 0;
function others() {
  const line = document.getElementById("presence");
  const me = document.getElementById("desk")?.dataset.me;
  line?.querySelectorAll(`[data-person="${me}"]`).forEach((one) => one.remove());
  clearTimeout(passing);
  if (line?.childElementCount) passing = setTimeout(() => line.replaceChildren(), 12000);
}

document.addEventListener("live:swapped", (event) => {
  if (event.detail.id === "presence") others();
  else arrived(event);
});
document.addEventListener("live:heal", changes);
document.addEventListener("desk:opened", () => { wasAtEnd = true; seen(); here(); others(); });
document.addEventListener("visibilitychange", () => { seen(); here(); });
document.addEventListener("scroll", (event) => {
  if (event.target !== log()) return;
  wasAtEnd = atEnd();
  if (wasAtEnd) { document.getElementById("newer").hidden = true; seen(); }
}, true);
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-older], [data-later]");
  if (link) { event.preventDefault(); load(link, link.dataset.older ?? link.dataset.later); }
  if (event.target.closest?.("#newer")) toEnd();
});
setInterval(here, LOOKS_EVERY);
setTimeout(here, 500);
seen();
others();
