// Colleagues in a note: @ at the beginning of a word, or the button. What follows it narrows the list, arrows choose,
// Enter or Tab names one. The sign is looked for in the text, not the key: layouts have it elsewhere, or nowhere.
// The field stays a text field (ARIA knows no combobox of several lines) and says which option is the active one.
const FIND_AFTER = 120;
const GIVEN_UP = 3000; // without an answer
const NAMING = /(?<![\p{L}\p{N}])@([^\s@]*)$/u;
const chosen = new Map(); // name, of namesakes with the login → whom it means; only while it stands in the text
let finding = 0;
let wanted = false; // Enter came before the list did
let passed = -1; // the @ that Escape has left alone

const composer = () => document.getElementById("composer");
const field = () => document.getElementById("text");
const list = () => document.getElementById("colleagues");
const offered = () => [...document.querySelectorAll('#colleagues [role="option"]')];
const current = () => document.querySelector('#colleagues [aria-selected="true"]');

// Where the @ before the cursor stands and what follows it; nothing when nobody is being named.
function naming() {
  if (composer()?.dataset.mode !== "note" || !field()) return null;
  const begun = NAMING.exec(field().value.slice(0, field().selectionStart));
  return begun && { chat: composer().dataset.chat, at: begun.index, words: begun[1] };
}

function find() {
  clearTimeout(finding);
  const asked = naming();
  if (asked?.at !== passed) passed = -1;
  if (!asked || asked.at === passed) return close();
  const mine = finding = setTimeout(async () => {
    const drawn = await load(asked);
    if (mine === finding) JSON.stringify(naming()) === JSON.stringify(asked) ? show(drawn) : close();
  }, FIND_AFTER);
}

async function load({ chat, words }) {
  const asked = { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(GIVEN_UP) };
  const answer = await fetch(`/chats/${chat}/colleagues?q=${encodeURIComponent(words)}`, asked).catch(() => null);
  const html = await answer?.text().catch(() => undefined);
  if (!answer?.ok || html === undefined) document.dispatchEvent(new CustomEvent("refused", { detail: { status: answer?.status, html } }));
  const holder = document.createElement("template");
  holder.innerHTML = html ?? "";
  return holder.content.getElementById("colleagues");
}

function show(drawn) {
  const atOnce = wanted;
  close();
  if (!drawn || document.activeElement !== field()) return;
  document.getElementById("pick").replaceChildren(drawn);
  if (!offered().length) return;
  field().setAttribute("aria-controls", "colleagues-list");
  choose(offered()[0]);
  if (atOnce) insert(current());
}

function close() {
  clearTimeout(finding);
  finding = 0;
  wanted = false;
  list()?.remove();
  for (const name of ["aria-controls", "aria-activedescendant"]) field()?.removeAttribute(name);
}

function choose(one) {
  current()?.setAttribute("aria-selected", "false");
  one.setAttribute("aria-selected", "true");
  one.scrollIntoView({ block: "nearest" });
  field().setAttribute("aria-activedescendant", one.id);
}

function insert({ dataset: { person, name } }) {
  chosen.set(name, person);
  field().setRangeText(`@${name} `, naming().at, field().selectionStart, "end");
  written();
}

function begin() {
  passed = -1;
  const before = field().value.slice(0, field().selectionStart);
  field().setRangeText(/[\p{L}\p{N}]$/u.test(before) ? " @" : "@", field().selectionStart, field().selectionEnd, "end");
  field().focus();
  written();
}

function written() {
  field().dispatchEvent(new Event("input", { bubbles: true }));
}

function steer(event) {
  const all = offered();
  const at = all.indexOf(current());
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 };
  if (event.code in steps && all.length) choose(all[Math.min(Math.max(steps[event.code], 0), all.length - 1)]);
  else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) finding ? (wanted = true) : current() && insert(current());
  else if (event.code === "Escape") { passed = naming().at; close(); }
  else return ["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.code) && close();
  event.preventDefault();
  event.stopImmediatePropagation(); // Enter would send
}

document.addEventListener("keydown", (event) => {
  if (event.target === field() && (list() || finding) && naming() && !event.isComposing) steer(event);
}, true);
document.addEventListener("input", (event) => event.target === field() && find());
document.addEventListener("focusout", (event) => event.target === field() && close());
document.addEventListener("mousedown", (event) => event.target.closest?.("#colleagues") && event.preventDefault()); // the field keeps the cursor
document.addEventListener("click", (event) => {
  const one = event.target.closest?.('#colleagues [role="option"]');
  if (one && naming()) insert(one);
  else if (event.target.closest?.("#mention")) begin();
  else if (!event.target.closest?.("#colleagues")) close();
});
document.addEventListener("formdata", ({ target, formData }) => {
  if (target !== composer()) return;
  for (const [name, person] of chosen) if (formData.get("text")?.includes(`@${name}`)) formData.append("mention", person);
});
