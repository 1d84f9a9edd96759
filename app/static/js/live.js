// The live page: swaps pushed fragments in, shows the connection's state, heals by refetching.
// Nothing depends on a push having arrived: whatever was missed comes with the next heal.
// Says "live:swapped" {id, fresh}, "live:missed" {id} of what belongs to a list that is not shown, "live:counted" {id, by}, "live:heal", "live:gone" {id};
// hears "live:add" {html, list}, "live:ask" {id}, "live:sent", "live:here" {chat, what}, "live:active".

const SLOW_RETRY = 5000;
const BACK_SHOWN = 3000;
const ASK_AFTER = 400; // several pushes that only ask for a refetch are one refetch
const COMPARED_EVERY = 30000;
const PUSH_LATE = 700; // after a change of ours without a push

let socket = null;
let healing = null;
let watching = null;
let wasConnected = false;
let pushedAt = 0;
let watched = "";
const asking = new Map();

function connect() {
  socket = window.io({ transports: ["websocket", "polling"], tryAllTransports: true, reconnectionDelayMax: SLOW_RETRY, timeout: 8000 });
  socket.on("connect", connected);
  socket.on("disconnect", (reason) => { if (reason === "io server disconnect") leave("/sign-in"); else show("offline"); });
  socket.on("connect_error", refused);
  socket.on("fragment", (pushed) => { pushedAt = Date.now(); swap(pushed); });
  socket.on("remove", ({ id }) => { pushedAt = Date.now(); remove(id); });
  socket.on("count", count);
  socket.on("moved", moved);
  socket.on("heal", () => heal(Math.random() * 3000));
  socket.on("leave", ({ to }) => leave(to));
}

// A lost connection comes back by itself; one that the server could not judge just now has to be asked for again.
function refused({ message }) {
  if (message === "signed out") return leave("/sign-in");
  show("offline");
  if (!socket.active) setTimeout(() => socket.connect(), SLOW_RETRY);
}

async function connected() {
  await watch();
  show(wasConnected ? "back" : "online");
  if (wasConnected) heal(0);
  wasConnected = true;
}

// The page's whole set of rooms: the server leaves whatever is not in it. What was said since the page was drawn, or
// between leaving a room and coming in again, is asked for at once.
async function watch() {
  if (!socket.connected) return;
  clearTimeout(watching);
  watched = rooms();
  const joined = await socket.timeout(8000).emitWithAck("watch", watched.split(" ").filter(Boolean)).catch(() => null);
  if (!joined) watching = setTimeout(watch, SLOW_RETRY);
  else compare();
}

function watchIfChanged() {
  if (rooms() !== watched) watch();
}

function rooms() {
  return [...document.querySelectorAll("[data-room]")].map((one) => one.dataset.room).join(" ");
}

// One fragment: replaces the element with its id, or is put into a list where `data-order` says.
function swap({ html, list }) {
  const fresh = parse(html);
  if (!fresh) return;
  const home = list && document.getElementById(list);
  if (list && !home) return tell("live:missed", { id: fresh.id });
  const present = document.getElementById(fresh.id);
  if (Number(fresh.dataset.rev) < Number(present?.dataset.rev)) return; // drawn earlier, overtaken on its way
  if (present) morph(present, html);
  else if (home) add(home, fresh);
  tell("live:swapped", { id: fresh.id, fresh: !present && fresh.isConnected });
}

function morph(present, html) {
  const current = present.getAttribute("aria-current"); // which chat is open is the page's knowledge, not the push's
  window.htmx.swap({ target: present, text: html, swap: "outerMorph" });
  const drawn = document.getElementById(present.id);
  if (current && drawn) drawn.setAttribute("aria-current", current);
  place(drawn);
}

// A list shows the first so many: what stands behind its window comes with the next refetch.
function add(home, fresh) {
  if (home.dataset.window && home.childElementCount > Number(home.dataset.window)) return askSoon(home.closest("[data-heal]"));
  home.append(fresh);
  place(fresh);
  window.htmx.process(fresh);
}

function parse(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.firstElementChild;
}

// Keep a list sorted by data-order (ascending) without moving what already stands right.
function place(element) {
  const order = element?.dataset.order;
  if (order === undefined || !element.parentElement) return;
  const others = [...element.parentElement.children].filter((one) => one !== element && one.dataset.order !== undefined);
  const after = others.find((one) => one.dataset.order > order) ?? null;
  const before = after ? after.previousElementSibling : others.at(-1) ?? null;
  if (before === element || (after && after === element.nextElementSibling)) return;
  if (!after && before === element.previousElementSibling) return;
  element.parentElement.insertBefore(element, after ?? before?.nextSibling ?? null);
}

function remove(id) {
  document.getElementById(id)?.remove();
}

function count({ id, by }) {
  const shown = document.getElementById(id);
  if (!shown) return;
  shown.textContent = String(Math.max(0, Number(shown.textContent) + by));
  tell("live:counted", { id, by });
}

// Who may see or answer has changed: the server put everyone out of the room, whoever still may comes in again.
async function moved({ id }) {
  pushedAt = Date.now();
  setTimeout(watch, 100 + Math.random() * 200);
  await ask(document.getElementById(id));
}

// Refetch every part of the page that says where it comes from.
function heal(delay = 0) {
  clearTimeout(healing);
  healing = setTimeout(() => {
    document.querySelectorAll("[data-heal]").forEach(ask);
    tell("live:heal");
  }, delay);
}

// What no push has told: the server says which of the page's digests are no longer so.
async function compare() {
  if (document.hidden || !socket.connected) return;
  const shown = [...document.querySelectorAll("[data-digest-of]")];
  const digest = ({ dataset, textContent }) => dataset.digest ?? dataset.rev ?? textContent;
  const told = Object.fromEntries(shown.map((one) => [one.dataset.digestOf, digest(one)]));
  const stale = await socket.timeout(8000).emitWithAck("differs", told).catch(() => []);
  const homes = shown.filter((one) => stale.includes(one.dataset.digestOf)).map((one) => one.closest("[data-heal]"));
  for (const home of new Set(homes)) home ? ask(home) : tell("live:heal");
}

function askSoon(element) {
  if (!element) return;
  clearTimeout(asking.get(element.id));
  asking.set(element.id, setTimeout(() => ask(document.getElementById(element.id)), ASK_AFTER));
}

async function ask(element) {
  if (!element) return;
  const from = element.dataset.heal;
  const answer = await fetch(from, { headers: { "HX-Request": "true", "X-Unattended": "1" } }).catch(() => null);
  if (!answer) return;
  if (answer.status === 401) return leave("/sign-in");
  const present = document.getElementById(element.id);
  if (answer.status === 404 && present === element) return tell("live:gone", { id: element.id });
  // The page may have gone on to something else meanwhile.
  if (!answer.ok || answer.status === 204 || present?.dataset.heal !== from) return;
  await window.htmx.swap({ target: present, text: await answer.text(), swap: "outerMorph" });
  tell("live:swapped", { id: element.id, fresh: false });
}

// online (nothing to say) | offline | back, which is said for a moment after an interruption
function show(state) {
  const wire = document.getElementById("wire");
  document.documentElement.dataset.wire = state;
  if (!wire) return;
  wire.dataset.state = state;
  wire.textContent = wire.dataset[state] ?? "";
  wire.hidden = !wire.textContent;
  if (state === "back") setTimeout(() => wire.dataset.state === "back" && show("online"), BACK_SHOWN);
}

function leave(to) {
  location.assign(to);
}

function tell(name, detail = {}) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

// A change of ours is drawn by its push; when none comes, the page asks.
function expectPush() {
  const since = Date.now();
  setTimeout(() => pushedAt < since && heal(0), PUSH_LATE);
}

document.addEventListener("htmx:config:request", ({ detail }) => {
  detail.ctx.request.headers["X-CSRF-Token"] = document.querySelector("meta[name=csrf]").content;
});
document.addEventListener("htmx:after:request", ({ detail }) => detail.ctx.request.method === "POST" && expectPush());
document.addEventListener("htmx:after:swap", watchIfChanged);
document.addEventListener("live:ask", ({ detail }) => ask(document.getElementById(detail.id)));
document.addEventListener("live:add", ({ detail }) => swap(detail));
document.addEventListener("live:sent", expectPush);
document.addEventListener("live:here", ({ detail }) => socket.connected && socket.emit("here", detail.chat, detail.what));
document.addEventListener("live:active", () => socket.connected && socket.emit("active"));
document.addEventListener("visibilitychange", () => { if (!document.hidden && wasConnected) heal(300); });
window.addEventListener("pageshow", (event) => { if (event.persisted) heal(0); });

connect();
setInterval(compare, COMPARED_EVERY);
