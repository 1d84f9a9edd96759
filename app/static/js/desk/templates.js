// Templates: / at the beginning of a line, Alt+T or the button. Words narrow the list, arrows choose, Enter puts one in.
// What is typed before the panel stands there is meant for its search, and Enter for the list that is still to come.
const FIND_AFTER = 120;
const GIVEN_UP = 20000; // without an answer
let opening = null; // the field over which the panel is to stand
let finding = 0;
let wanted = false; // Enter came before the list did
let place = null; // where in the answer it goes

const field = () => document.getElementById("text");
const picker = () => document.getElementById("picker");
const offered = () => [...document.querySelectorAll("#offered .one")];
const current = () => document.querySelector('#offered .one[data-chosen="true"]');

async function load(words = "") {
  const { chat } = document.getElementById("composer").dataset;
  const asked = { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(GIVEN_UP) };
  const answer = await fetch(`/chats/${chat}/templates?q=${encodeURIComponent(words)}`, asked).catch(() => null);
  const html = await answer?.text().catch(() => undefined);
  if (!answer?.ok || html === undefined) refused({ status: answer?.status, html });
  const holder = document.createElement("template");
  holder.innerHTML = answer?.ok ? html ?? "" : "";
  return holder.content.getElementById("picker");
}

function refused(detail) {
  document.dispatchEvent(new CustomEvent("refused", { detail }));
}

async function open() {
  if (picker() || opening === field() || !document.getElementById("composer")?.hasAttribute("data-answers")) return;
  const over = opening = field();
  place = [over.selectionStart, over.selectionEnd];
  const drawn = await load();
  if (opening !== over) return; // a second / or Esc
  opening = null;
  if (!drawn || field() !== over) return void (wanted = false);
  document.getElementById("pick").replaceChildren(drawn);
  window.htmx.process(drawn);
  choose(offered()[0]);
  const search = document.getElementById("find-template");
  search.value = typedSince(over);
  search.focus();
  if (search.value) find();
  else if (wanted) enter(search);
}

// Taken out of the answer, where it does not belong.
function typedSince(area) {
  const words = area.value.slice(place[0], area.selectionStart);
  if (!words || area.selectionStart <= place[0]) return "";
  area.setRangeText("", place[0], area.selectionStart, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  place = [place[0], place[0]];
  return words;
}

function close() {
  clearTimeout(finding);
  finding = 0;
  opening = null;
  wanted = false;
  picker()?.remove();
  field()?.focus();
}

function find() {
  clearTimeout(finding);
  const mine = finding = setTimeout(async () => {
    const words = document.getElementById("find-template")?.value;
    const drawn = words === undefined ? null : await load(words);
    if (mine !== finding) return;
    finding = 0;
    if (drawn) list(drawn, words);
    else wanted = false;
  }, FIND_AFTER);
}

function list(drawn, words) {
  document.getElementById("offered").replaceWith(drawn.querySelector("#offered"));
  document.getElementById("offered").dataset.words = words;
  window.htmx.process(document.getElementById("offered"));
  choose(offered()[0]);
  if (wanted) enter(document.getElementById("find-template"));
}

// The best of what was found for these words, not for those before them.
function enter(search) {
  wanted = finding !== 0 || (document.getElementById("offered").dataset.words ?? "") !== search.value;
  if (wanted && !finding) find();
  else if (!wanted && current()) insert(current());
}

function choose(one) {
  current()?.setAttribute("data-chosen", "false");
  one?.setAttribute("data-chosen", "true");
  one?.scrollIntoView({ block: "nearest" });
}

function insert(one) {
  const area = field();
  const [start, end] = place ?? [area.value.length, area.value.length];
  area.setRangeText(one.dataset.text, start, end, "end");
  close();
  area.dispatchEvent(new Event("input", { bubbles: true }));
  if (one.dataset.files) attach(one.dataset.template);
  const body = new FormData();
  body.set("key", one.dataset.template);
  const headers = { "HX-Request": "true", "X-CSRF-Token": document.querySelector("meta[name=csrf]").content };
  fetch("/templates/used", { method: "POST", body, headers }).catch(() => null);
}

// The files of the template come into the answer as if they had been attached by hand.
async function attach(key) {
  const { chat } = document.getElementById("composer").dataset;
  const headers = { "HX-Request": "true", "X-CSRF-Token": document.querySelector("meta[name=csrf]").content };
  const asked = { method: "POST", headers, signal: AbortSignal.timeout(GIVEN_UP) };
  const answer = await fetch(`/chats/${chat}/templates/${key}/files`, asked).catch(() => null);
  const html = await answer?.text().catch(() => undefined);
  if (!answer?.ok || html === undefined) return refused({ status: answer?.status, html });
  if (document.getElementById("composer")?.dataset.chat === chat) document.getElementById("attached").insertAdjacentHTML("beforeend", html);
}

// What waits in the answer goes with a template that is saved now.
function bring(form) {
  for (const tile of document.querySelectorAll("#attached [name=file]")) form.append(tile.cloneNode());
}

function steer(event) {
  const list = offered();
  const at = list.indexOf(current());
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 };
  if (event.code in steps) choose(list[Math.min(Math.max(steps[event.code], 0), list.length - 1)]);
  else if (event.key === "Enter") enter(event.target);
  else if (event.code === "Escape" || (event.code === "Backspace" && !event.target.value)) close();
  else if (event.key === "/" && !event.target.value) slash();
  else return;
  event.preventDefault();
}

// A second / means the sign itself.
function slash() {
  close();
  field().setRangeText("/", ...place, "end");
  field().dispatchEvent(new Event("input", { bubbles: true }));
}

// At the beginning of a line only: elsewhere a / is a fraction or an address. The sign is asked for, not the key:
// on Cyrillic layouts it stands elsewhere.
function begins(event) {
  const { value, selectionStart } = field();
  return event.key === "/" && !event.ctrlKey && !event.altKey && (selectionStart === 0 || value[selectionStart - 1] === "\n");
}

document.addEventListener("keydown", (event) => {
  if (!opening || event.target !== opening || event.isComposing) return;
  if (event.key === "Enter") wanted = true;
  else if (event.code === "Escape") close();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation(); // Enter would send
}, true);
document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.target.id === "find-template") steer(event);
  else if (event.target === field() && begins(event) && document.getElementById("composer").hasAttribute("data-answers")) { event.preventDefault(); opening === field() ? slash() : open(); }
});
document.addEventListener("input", (event) => event.target.id === "find-template" && find());
document.addEventListener("submit", (event) => event.target.closest?.("#picker") && event.preventDefault());
document.addEventListener("click", (event) => {
  const control = event.target.closest?.("#templates, [data-closes-picker], #offered .one > a:first-child");
  if (!control) return;
  event.preventDefault();
  if (control.id === "templates") picker() ? close() : open();
  else if (control.matches("[data-closes-picker]")) close();
  else insert(control.parentElement);
});
// A new template begins with what is being written; a kept one is in the list at once.
document.addEventListener("htmx:after:swap", () => {
  const said = document.querySelector('#template-form[action$="/new"] [name=text]');
  if (said && field()?.value) said.value = field().value;
  if (said) bring(said.form);
  const kept = document.querySelector("#over [data-kept]");
  if (!kept) return;
  document.dispatchEvent(new CustomEvent("toast", { detail: { text: kept.textContent, tone: "good" } }));
  kept.remove();
  if (picker()) find();
});
