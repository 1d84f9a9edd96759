// Picking topics by the keyboard: [data-topics] is where a search is asked; what is ticked moves above the search line.
const DELAY = 150;
const waiting = new WeakMap(); // search line → the answer it waits for

const boxOf = (element) => element.closest("[data-topics]");
const ticks = (box) => [...box.querySelectorAll("[data-options] input")];
const chosen = (box) => [...box.querySelectorAll("[data-chosen] input")];
const searchOf = (box) => box.querySelector('input[type="search"]');

async function ask(search) {
  const box = boxOf(search);
  const url = new URL(box.dataset.topics, location.href);
  url.searchParams.set("words", search.value.trim());
  const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  const html = await answer?.text().catch(() => undefined);
  if (!answer?.ok || html === undefined) {
    document.dispatchEvent(new CustomEvent("refused", { detail: { status: answer?.status, html } }));
    return;
  }
  if (url.searchParams.get("words") !== search.value.trim()) return;
  const options = box.querySelector("[data-options]");
  options.innerHTML = html;
  const has = new Set(chosen(box).map((one) => one.value));
  for (const one of ticks(box)) if (has.has(one.value)) one.closest("label").remove();
  search.closest(".pick").toggleAttribute("data-asked", Boolean(search.value.trim()));
}

function searched(search) {
  const asked = new Promise((done) => setTimeout(done, DELAY)).then(() => waiting.get(search) === asked && ask(search));
  waiting.set(search, asked);
}

function choose(tick) {
  const box = boxOf(tick);
  const search = searchOf(box);
  tick.checked = true;
  box.querySelector("[data-chosen]").append(tick.closest("label"));
  search.value = "";
  search.focus();
  searched(search);
}

function drop(tick) {
  const box = boxOf(tick);
  tick.closest("label").remove();
  searchOf(box).focus();
  searched(searchOf(box));
}

// Enter takes the best of what was found, also of what is still being asked; with nothing typed it goes on to the button.
async function enter(search) {
  const typed = search.value.trim();
  if (!typed) {
    const form = search.form;
    [...form.elements].find((one) => one.matches("button.primary"))?.focus();
    return;
  }
  await waiting.get(search);
  const first = search.value.trim() === typed && ticks(boxOf(search))[0];
  if (first) choose(first);
}

function step(box, from, by) {
  const all = [searchOf(box), ...ticks(box)];
  all[Math.min(Math.max(all.indexOf(from) + by, 0), all.length - 1)]?.focus();
}

function pressed(event) {
  const target = event.target;
  const box = target.closest?.("[data-topics]");
  if (!box || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  const search = target.type === "search";
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) step(box, target, by);
  else if (event.key === "Enter" && search) enter(target);
  else if (event.key === "Enter" && target.type === "checkbox") target.click();
  else if (event.key === "Backspace" && search && !target.value && chosen(box).length) drop(chosen(box).at(-1));
  else return;
  event.preventDefault();
}

// The key that opens a panel ends it, too.
function again(event) {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.repeat) return;
  const button = document.querySelector(`dialog[open] [data-again="${event.code}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
}

document.addEventListener("input", (event) => event.target.matches?.('[data-topics] input[type="search"]') && searched(event.target));
document.addEventListener("change", (event) => {
  if (!event.target.matches?.('[data-topics] input[type="checkbox"]')) return;
  if (event.target.checked) choose(event.target);
  else drop(event.target);
});
document.addEventListener("keydown", pressed);
document.addEventListener("keydown", again);
document.addEventListener("click", (event) => event.target.closest?.("[data-answers]") && document.getElementById("text")?.focus());
