// The dialogue: enters with the browser's token, asks for what changed, listens to the socket.
// Nothing depends on a push having arrived: whatever was missed comes with the next heal.
// Others use window.talk; it says "talk:begun", "talk:answer" {…}, "talk:item" {html}, "talk:state" {html},
// "talk:typing" {on}, "talk:online" {on}, "talk:refused" {notice, final}.

const SOON = 1000;
const POLL = 15000; // while the socket is away
const PLACE = 25000; // while others before us may leave the queue
const QUIET = 300000; // while the socket tells everything
const OFFLINE_AFTER = 2500;

const page = document.getElementById("talk");
const { key, lang } = page.dataset;
const memory = new Map(); // where the browser keeps nothing for frames

let session = null;
let rev = 0;
let known = false;
let socket = null;
let healing = 0;
let entering = null;

// --- who we are ---

// A page the bank's site has signed somebody in on gives a proof: it opens a token of its own, never the anonymous one.
async function enter(proof = "") {
  const name = proof ? "signed" : "anonymous";
  const mark = proof.slice(-43);
  const kept = keep.read(name);
  const fresh = !kept || (proof && kept.mark !== mark);
  session = { name, proof, token: fresh ? newToken() : kept.token, fresh: fresh && !proof, entered: false };
  keep.write(name, { token: session.token, mark });
  say("begun", {});
  if (!proof) leave("signed");
  // A visitor who has never said a word is nobody to the bank yet.
  if (!session.fresh) await entered();
}

function entered() {
  if (session.entered) return Promise.resolve();
  entering ??= ask("session", { json: { proof: session.proof } })
    .then((answer) => { session.entered = true; take(answer); rest(); })
    .catch(refused)
    .finally(() => { entering = null; });
  return entering;
}

// A proof that was refused closes the chat; a browser the bank has forgotten is a new one.
function refused(error) {
  if (error.status === 403) say("refused", { notice: error.notice, final: true });
  else if (error.status === 401 && session.name === "anonymous") { keep.drop("anonymous"); enter(); }
  else rest();
  throw error;
}

function leave(name) {
  const kept = keep.read(name);
  if (!kept) return;
  keep.drop(name);
  fetch(`/widget/${key}/leave`, { method: "POST", credentials: "omit", headers: headers(kept.token) }).catch(() => {});
}

function reset() {
  leave("signed");
  leave("anonymous");
  keep.drop("queue:signed");
  keep.drop("queue:anonymous");
  location.reload();
}

function newToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

// --- asking ---

function headers(token = session.token) {
  const chosen = keep.read("tongue") === lang ? { "X-Language-Chosen": "1" } : {};
  const heard = socket?.connected ? { "X-Socket": socket.id } : {}; // what the answer brings is not pushed as well
  return { Authorization: `Bearer ${token}`, "X-Language": lang, ...chosen, ...heard };
}

async function ask(path, { json, form, query = "" } = {}) {
  const posted = json ? { method: "POST", body: JSON.stringify(json) } : form ? { method: "POST", body: form } : {};
  const told = { ...headers(), ...(json ? { "Content-Type": "application/json" } : {}) };
  const response = await fetch(`/widget/${key}/${path}${query}`, { ...posted, headers: told, credentials: "omit" });
  if (response.status === 204) return {};
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw trouble(response.status, answer, response.headers.get("Retry-After"));
  return answer;
}

function trouble(status, answer, after) {
  return Object.assign(new Error(answer?.error ?? status), { status, notice: answer?.notice, after: Number(after) || 0 });
}

// What an answer brings: fragments, how the dialogue stands, the revision it is at.
function take(answer) {
  if (answer.rev === undefined) return;
  rev = Math.max(rev, answer.rev);
  known = answer.known;
  say("answer", answer);
  if (known) listen();
}

async function heal() {
  clearTimeout(healing);
  if (!session || session.fresh && !session.entered) return;
  try {
    if (!session.entered) return await entered();
    take(await ask("talk", { query: rev ? `?since=${rev}` : "" }));
    say("online", { on: true });
  } catch (error) {
    if (!error.status) say("online", { on: false });
    if (error.status === 401) location.reload();
  }
  rest();
}

function rest() {
  clearTimeout(healing);
  const waits = document.querySelector("#state[data-waits]");
  const missing = document.querySelector("[data-waiting][data-state=sent]"); // stored, and not yet in the dialogue
  const pause = missing ? SOON : !socket?.connected ? POLL : waits ? PLACE : QUIET;
  healing = setTimeout(heal, pause * (0.9 + Math.random() / 5));
}

// --- the socket ---

function listen() {
  if (socket || !window.io) return;
  let gone = 0;
  socket = window.io("/widget", { auth: (tell) => tell({ key, token: session.token }), transports: ["websocket", "polling"], reconnectionDelayMax: 5000 });
  socket.on("connect", () => { clearTimeout(gone); say("online", { on: true }); heal(); });
  socket.on("disconnect", () => { gone = setTimeout(() => say("online", { on: false }), OFFLINE_AFTER); });
  // A refused socket does not come back by itself; what cannot be looked up just now can be in a while.
  socket.on("connect_error", ({ message }) => { if (message === "away") setTimeout(() => socket?.connect(), 5000 + Math.random() * 5000); });
  socket.on("item", ({ html }) => say("item", { html }));
  socket.on("state", ({ html }) => say("state", { html }));
  socket.on("typing", ({ on }) => say("typing", { on }));
}

function types(on) {
  if (socket?.connected) socket.emit("typing", on);
}

// --- small things ---

const keep = {
  read(name) {
    try { return JSON.parse(localStorage.getItem(`muloqot:${key}:${name}`)); } catch { return memory.get(name) ?? null; }
  },
  write(name, value) {
    memory.set(name, value);
    try { localStorage.setItem(`muloqot:${key}:${name}`, JSON.stringify(value)); } catch { /* only for this visit */ }
  },
  drop(name) {
    memory.delete(name);
    try { localStorage.removeItem(`muloqot:${key}:${name}`); } catch { /* it was not kept */ }
  },
};

function say(what, detail) {
  document.dispatchEvent(new CustomEvent(`talk:${what}`, { detail }));
}

addEventListener("online", () => heal());
document.addEventListener("visibilitychange", () => { if (!document.hidden) heal(); });

window.talk = { enter, entered, reset, ask, take, trouble, heal, rest, types, headers, keep, say, get rev() { return rev; }, get session() { return session; } };
