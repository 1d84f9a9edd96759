// Writing to the client: Enter sends, Shift+Enter breaks the line, the draft is kept after a pause.
const DRAFT_AFTER = 1000;
const GIVEN_UP = 30000; // without an answer
const TYPES_EVERY = 3000;
const COUNT_FROM = 0.8; // of the channel's limit
const [LEAST_ROWS, MOST_ROWS] = [2, 12];

const form = () => document.getElementById("composer");
const field = () => document.getElementById("text");
let drafting = 0;
let begun = null; // {chat, text} not kept yet
let typedAt = 0;
const letters = new Map(); // chat → {said, id} of what may have arrived, though no answer did
const unsent = new Map(); // chat → what comes back into its field
let again = ""; // what Enter was pressed on while the words before it were on their way

function post(url, body, more = {}) {
  const headers = { "HX-Request": "true", "X-CSRF-Token": document.querySelector("meta[name=csrf]").content };
  return fetch(url, { method: "POST", body, headers, ...more }).catch(() => null);
}

async function send(event) {
  event.preventDefault();
  const composer = form();
  if (composer.closest("[aria-busy]") || (!field().value.trim() && !composer.querySelector("[data-file]"))) return;
  again = composer.dataset.sending ? standing(composer) : "";
  if (again) return;
  if (composer.querySelector("#attached progress")) return toast(document.getElementById("toasts").dataset.uploading);
  composer.dataset.sending = "1";
  forget();
  const body = new FormData(composer);
  body.delete("upload");
  body.set("mode", composer.dataset.mode);
  body.set("client_id", letter(composer.dataset.chat, body));
  const url = `/chats/${composer.dataset.chat}/${verb(composer)}`;
  const taken = take(composer);
  const answer = await post(url, body, { signal: AbortSignal.timeout(GIVEN_UP) });
  delete composer.dataset.sending;
  if (answer?.ok) {
    letters.delete(composer.dataset.chat);
    document.dispatchEvent(new CustomEvent("live:sent"));
    if (isOpen(composer)) document.dispatchEvent(new CustomEvent("desk:sent"));
    if (form() === composer && standing(composer) === again) composer.requestSubmit();
    giveBack();
  } else {
    await failed(composer, answer, taken);
  }
}

const standing = ({ dataset: { chat, mode } }) => JSON.stringify([chat, mode, field().value]);
const isOpen = (composer) => form()?.dataset.chat === composer.dataset.chat;

function verb({ dataset: { mode, editing } }) {
  return mode === "edit" ? `reword/${editing}` : mode === "note" ? "note" : "say";
}

// One letter, one id: sent again after a lost connection, it is stored once; other words are another letter.
function letter(chat, body) {
  const said = JSON.stringify([chat, ...["mode", "text", "file", "reply_to", "place"].map((name) => body.getAll(name))]);
  if (letters.get(chat)?.said !== said) letters.set(chat, { said, id: chance() });
  return letters.get(chat).id;
}

function chance() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Files and the quote belong to an answer: a note or a correction leaves them for it.
function take(composer) {
  const taken = { mode: composer.dataset.mode, text: field().value, tiles: [] };
  if (taken.mode === "reply") {
    taken.tiles = [...composer.querySelectorAll("#attached [data-file]")];
    taken.quote = composer.elements.reply_to.value;
    taken.quoted = document.querySelector("#quoted span")?.textContent;
    for (const tile of taken.tiles) tile.remove();
    unquote();
  }
  composer.elements.confirmed.value = "";
  field().value = "";
  changed();
  return taken;
}

// What was written comes back, and the reason is said.
async function failed(composer, answer, taken) {
  if (answer?.status === 401) return location.assign("/sign-in");
  if (answer?.headers.has("X-Confirm")) taken.confirmed = "1";
  unsent.set(composer.dataset.chat, taken);
  giveBack();
  // In the field of another chat, or in one that is closed by now, it must not stand: it waits in its own.
  if (unsent.has(composer.dataset.chat) && taken.mode === "reply") keep(composer.dataset.chat, taken.text);
  const html = await answer?.text().catch(() => undefined);
  document.dispatchEvent(new CustomEvent("refused", { detail: { status: answer?.status, html } }));
}

// What no draft keeps waits for whoever comes back to the chat: a note, files, a quote.
function leave(composer) {
  const area = composer?.querySelector("#text");
  if (!area || composer.dataset.mode === "edit" || (isOpen(composer) && !field())) return;
  const { chat, mode } = composer.dataset;
  const text = mode === "note" || isOpen(composer) ? area.value : "";
  const tiles = [...composer.querySelectorAll("#attached [data-file]")];
  const [quote, quoted] = [composer.elements.reply_to.value, composer.querySelector("#quoted span").textContent];
  if (text.trim() || ((tiles.length || quote) && !unsent.has(chat))) unsent.set(chat, { mode, text, tiles, quote, quoted, alone: true });
}

// A note that gives its place to an answer comes back when that is sent.
function putAside({ dataset: { chat, mode } }) {
  if (mode === "note" && field().value.trim()) unsent.set(chat, { mode, text: field().value, tiles: [] });
}

// Into the field it was taken from, once that is open: words, files, quote. A note comes back only as a note, and an
// answer only to who answers; where the other is being written meanwhile, it waits for its end.
function giveBack() {
  const composer = form();
  const taken = unsent.get(composer?.dataset.chat);
  if (!taken || !field()) return;
  const turns = taken.mode === "note" && composer.dataset.mode === "reply";
  if (taken.mode !== composer.dataset.mode && !turns) return;
  if (turns && field().value && !taken.alone) return;
  unsent.delete(composer.dataset.chat);
  if (turns) document.dispatchEvent(new CustomEvent("desk:mode", { detail: { mode: "note" } }));
  if (taken.alone && taken.text) field().value = ""; // what the server has kept of the same
  const typedSince = field().value === taken.text ? "" : field().value; // it may stand there as the draft
  field().value = [taken.text, typedSince].filter(Boolean).join("\n");
  document.getElementById("attached").append(...taken.tiles);
  if (taken.quote && !composer.elements.reply_to.value) quoting(taken.quote, taken.quoted);
  composer.elements.confirmed.value = taken.confirmed ?? "";
  taken.alone ? changed() : typed();
}

function toast(text) {
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "hold" } }));
}

function typed() {
  changed();
  const composer = form();
  forget();
  if (composer.dataset.mode !== "reply") return;
  begun = { chat: composer.dataset.chat, text: field().value };
  drafting = setTimeout(keepBegun, DRAFT_AFTER);
  if (Date.now() - typedAt > TYPES_EVERY) {
    typedAt = Date.now();
    document.dispatchEvent(new CustomEvent("live:here", { detail: { chat: Number(composer.dataset.chat), what: "types" } }));
  }
}

function forget() {
  clearTimeout(drafting);
  begun = null;
}

// The words go with the chat they were typed in, whichever is open by now; `more` for fetch.
function keepBegun(more) {
  if (begun) keep(begun.chat, begun.text, more);
  forget();
}

function keep(chat, text, more) {
  const body = new FormData();
  body.set("text", text);
  post(`/chats/${chat}/draft`, body, more);
}

// The field grows with its text; near the channel's limit the length is shown, behind it into how many messages it goes.
function changed() {
  const area = field();
  area.rows = LEAST_ROWS;
  area.rows = Math.min(MOST_ROWS, Math.ceil(area.scrollHeight / parseFloat(getComputedStyle(area).lineHeight)));
  const [count, limit] = [document.getElementById("count"), Number(form().dataset.limit)];
  if (!count) return;
  const length = area.value.length;
  count.hidden = !limit || length < limit * COUNT_FROM || form().dataset.mode === "note";
  count.dataset.level = length > limit ? "late" : "";
  count.textContent = length > limit ? `${length} / ${limit} · ${count.dataset.parts} ${Math.ceil(length / limit)}` : `${length} / ${limit}`;
}

async function turn() {
  const area = field();
  const body = new FormData();
  const said = area.value;
  body.set("text", said);
  if (!said.trim()) return;
  const answer = await post("/chats/script", body, { signal: AbortSignal.timeout(GIVEN_UP) });
  const html = await answer?.text().catch(() => undefined);
  if (!answer?.ok || html === undefined) return document.dispatchEvent(new CustomEvent("refused", { detail: { status: answer?.status, html } }));
  if (field() !== area || !area.value.startsWith(said)) return;
  area.value = html + area.value.slice(said.length);
  area.focus();
  typed();
}

function quote(id) {
  const bubble = document.getElementById(`m-${id}`)?.closest(".msg");
  const box = document.getElementById("quoted");
  if (!bubble || !box) return;
  quoting(id, bubble.querySelector(".text")?.textContent.slice(0, 160) ?? "…");
  field().focus();
}

function quoting(id, words) {
  const box = document.getElementById("quoted");
  form().elements.reply_to.value = id;
  box.hidden = false;
  box.querySelector("span").textContent = words;
}

function unquote() {
  const box = document.getElementById("quoted");
  if (!box) return;
  box.hidden = true;
  form().elements.reply_to.value = "";
}

// Another answers now, or nobody: the field is fetched anew, and what was typed stays in it while it may.
async function answerChanged() {
  const [head, composer] = [document.getElementById("head"), form()];
  if (!head || !composer || head.dataset.state === composer.dataset.state) return;
  const answer = await fetch(`/chats/${composer.dataset.chat}/composer`, { headers: { "HX-Request": "true" } }).catch(() => null);
  const html = await answer?.text().catch(() => undefined);
  if (!answer?.ok || html === undefined || form() !== composer) return;
  const taken = field() && take(composer);
  if (taken && taken.mode !== "edit" && (taken.text || taken.tiles.length)) unsent.set(composer.dataset.chat, { ...taken, alone: true });
  await window.htmx.swap({ target: composer, text: html, swap: "outerHTML" });
  if (field()) changed();
  giveBack();
}

document.addEventListener("submit", (event) => {
  if (event.target === form() && event.submitter?.id !== "note") send(event);
});
document.addEventListener("keydown", (event) => {
  if (event.target !== field() || event.key !== "Enter" || event.shiftKey || event.altKey || event.isComposing) return;
  if (form().dataset.sends === "ctrl" && !event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  form().requestSubmit(document.getElementById("send"));
});
document.addEventListener("input", (event) => {
  if (event.target !== field()) return;
  if (!form().dataset.sending) letters.delete(form().dataset.chat); // the same words, written once more, are meant once more
  typed();
});
document.addEventListener("click", (event) => {
  const control = event.target.closest?.("#script, [data-quotes], [data-unquote]");
  if (!control) return;
  if (control.id === "script") turn();
  else if (control.dataset.quotes) quote(control.dataset.quotes);
  else unquote();
});
document.addEventListener("live:swapped", ({ detail }) => detail.id === "head" && answerChanged());
document.addEventListener("desk:written", () => field() && changed());
document.addEventListener("desk:turned", () => field().value || giveBack());
document.addEventListener("desk:put-aside", ({ detail }) => putAside(detail.composer));
document.addEventListener("desk:opened", ({ detail }) => {
  leave(detail.left?.querySelector("#composer"));
  if (!field()) return;
  changed();
  giveBack();
  if (matchMedia("(min-width: 761px)").matches) field().focus();
});
// Before another chat takes the field's place.
document.addEventListener("htmx:before:request", () => keepBegun());
window.addEventListener("pagehide", () => keepBegun({ keepalive: true }));
if (field()) changed();
