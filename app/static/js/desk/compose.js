// Writing to the client: Enter sends, Shift+Enter breaks the line, the draft is kept after a pause.
const DRAFT_AFTER = 1000;
const TYPES_EVERY = 3000;
const COUNT_FROM = 0.8; // of the channel's limit
const [LEAST_ROWS, MOST_ROWS] = [2, 12];

const form = () => document.getElementById("composer");
const field = () => document.getElementById("text");
let drafting = 0;
let typedAt = 0;
let sending = false;

function post(url, body) {
  const headers = { "HX-Request": "true", "X-CSRF-Token": document.querySelector("meta[name=csrf]").content };
  return fetch(url, { method: "POST", body, headers }).catch(() => null);
}

async function send(event) {
  event.preventDefault();
  const composer = form();
  const text = field().value;
  if (sending || (!text.trim() && !composer.querySelector("[data-file]"))) return;
  sending = true;
  clearTimeout(drafting);
  const body = new FormData(composer);
  body.delete("upload");
  body.set("mode", composer.dataset.mode);
  body.set("client_id", (composer.dataset.letter ||= letter()));
  const url = `/chats/${composer.dataset.chat}/${verb(composer)}`;
  const tiles = [...composer.querySelectorAll("#attached [data-file]")];
  clear(composer);
  const answer = await post(url, body);
  sending = false;
  if (answer?.ok) {
    delete composer.dataset.letter;
    document.dispatchEvent(new CustomEvent("live:sent"));
    document.dispatchEvent(new CustomEvent("desk:sent"));
  } else {
    await failed(answer, text, tiles);
  }
}

function verb({ dataset: { mode, editing } }) {
  return mode === "edit" ? `reword/${editing}` : mode === "note" ? "note" : "say";
}

// One letter, one id: pressed twice or sent again after a lost connection, it is stored once.
function letter() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function clear(composer) {
  composer.querySelector("#attached")?.replaceChildren();
  unquote();
  composer.elements.confirmed.value = "";
  field().value = "";
  changed();
}

// What was written comes back into the field, what was attached stands there again, and the reason is said.
async function failed(answer, text, tiles) {
  if (answer?.status === 401) return location.assign("/sign-in");
  field().value = text + field().value;
  document.getElementById("attached")?.append(...tiles);
  if (answer?.headers.has("X-Confirm")) form().elements.confirmed.value = "1";
  changed();
  const holder = document.createElement("template");
  holder.innerHTML = answer ? await answer.text() : "";
  const said = holder.content.querySelector("[data-text]")?.textContent ?? document.getElementById("wire").dataset.offline;
  document.dispatchEvent(new CustomEvent("toast", { detail: { text: said, tone: "bad" } }));
}

function typed() {
  changed();
  const composer = form();
  if (composer.dataset.mode !== "reply") return;
  clearTimeout(drafting);
  drafting = setTimeout(() => keep(composer.dataset.chat, field()?.value ?? ""), DRAFT_AFTER);
  if (Date.now() - typedAt > TYPES_EVERY) {
    typedAt = Date.now();
    document.dispatchEvent(new CustomEvent("live:here", { detail: { chat: Number(composer.dataset.chat), what: "types" } }));
  }
}

function keep(chat, text) {
  const body = new FormData();
  body.set("text", text);
  post(`/chats/${chat}/draft`, body);
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
  body.set("text", area.value);
  const answer = area.value.trim() && await post("/chats/script", body);
  if (!answer?.ok) return;
  area.value = await answer.text();
  area.focus();
  typed();
}

function quote(id) {
  const bubble = document.getElementById(`m-${id}`)?.closest(".msg");
  const box = document.getElementById("quoted");
  if (!bubble || !box) return;
  form().elements.reply_to.value = id;
  box.hidden = false;
  box.querySelector("span").textContent = bubble.querySelector(".text")?.textContent.slice(0, 160) ?? "…";
  field().focus();
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
  const text = field()?.value ?? "";
  const answer = await fetch(`/chats/${composer.dataset.chat}/composer`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || form() !== composer) return;
  await window.htmx.swap({ target: composer, text: await answer.text(), swap: "outerHTML" });
  if (text && form().hasAttribute("data-answers")) field().value = text;
  if (field()) changed();
}

document.addEventListener("submit", (event) => {
  if (event.target === form() && event.submitter?.id !== "note") send(event);
});
document.addEventListener("keydown", (event) => {
  if (event.target !== field() || event.key !== "Enter" || event.shiftKey || event.altKey || event.isComposing) return;
  event.preventDefault();
  form().requestSubmit(document.getElementById("send"));
});
document.addEventListener("input", (event) => event.target === field() && typed());
document.addEventListener("click", (event) => {
  const control = event.target.closest?.("#script, [data-quotes], [data-unquote]");
  if (!control) return;
  if (control.id === "script") turn();
  else if (control.dataset.quotes) quote(control.dataset.quotes);
  else unquote();
});
document.addEventListener("live:swapped", ({ detail }) => detail.id === "head" && answerChanged());
document.addEventListener("desk:written", () => field() && changed());
document.addEventListener("desk:opened", () => { if (field()) { changed(); if (matchMedia("(min-width: 761px)").matches) field().focus(); } });
window.addEventListener("pagehide", () => drafting && form()?.dataset.mode === "reply" && field() && navigator.sendBeacon && keep(form().dataset.chat, field().value));
if (field()) changed();
