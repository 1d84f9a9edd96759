// Templates: / at the beginning of a line, Alt+T or the button. Words narrow the list, arrows choose, Enter puts one in.
const FIND_AFTER = 120;
let finding = 0;
let place = null; // where in the answer it goes

const field = () => document.getElementById("text");
const picker = () => document.getElementById("picker");
const offered = () => [...document.querySelectorAll("#offered .one")];
const current = () => document.querySelector('#offered .one[data-chosen="true"]');

async function load(words = "") {
  const { chat } = document.getElementById("composer").dataset;
  const answer = await fetch(`/chats/${chat}/templates?q=${encodeURIComponent(words)}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  const holder = document.createElement("template");
  if (answer?.ok) holder.innerHTML = await answer.text();
  return holder.content.getElementById("picker");
}

async function open() {
  if (!document.getElementById("composer")?.hasAttribute("data-answers")) return;
  place = [field().selectionStart, field().selectionEnd];
  const drawn = await load();
  if (!drawn || !document.getElementById("pick")) return;
  document.getElementById("pick").replaceChildren(drawn);
  window.htmx.process(drawn);
  choose(offered()[0]);
  document.getElementById("find-template").focus();
}

function close() {
  picker()?.remove();
  field()?.focus();
}

function find() {
  clearTimeout(finding);
  finding = setTimeout(async () => {
    const words = document.getElementById("find-template")?.value;
    const drawn = words === undefined ? null : await load(words);
    if (!drawn || document.getElementById("find-template")?.value !== words) return;
    document.getElementById("offered").replaceWith(drawn.querySelector("#offered"));
    window.htmx.process(document.getElementById("offered"));
    choose(offered()[0]);
  }, FIND_AFTER);
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
  const answer = await fetch(`/chats/${chat}/templates/${key}/files`, { method: "POST", headers }).catch(() => null);
  if (answer?.ok) document.getElementById("attached")?.insertAdjacentHTML("beforeend", await answer.text());
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
  else if (event.key === "Enter") { if (current()) insert(current()); }
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
  if (event.isComposing) return;
  if (event.target.id === "find-template") steer(event);
  else if (event.target === field() && begins(event) && document.getElementById("composer").hasAttribute("data-answers")) { event.preventDefault(); open(); }
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
