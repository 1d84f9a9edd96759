// Search inside the open chat: the bar above the talk, the words marked, next and previous. A place that is not loaded
// is opened around its message. Also whoever comes from the history lands here, at the message that was found.
const GIVEN_UP = 20000; // without an answer
const finder = () => document.getElementById("finder");
const places = () => [...(document.getElementById("finder-places")?.querySelectorAll("[data-hit]") ?? [])];
let place = -1;
let wanted = false; // Enter came before the places did

async function open(words = "") {
  const { chat } = document.getElementById("talk").dataset;
  if (!chat) return;
  if (!finder()) {
    const asked = { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(GIVEN_UP) };
    const answer = await fetch(`/chats/${chat}/find`, asked).catch(() => null);
    const html = await answer?.text().catch(() => undefined);
    if (!answer?.ok || html === undefined) return refused({ status: answer?.status, html });
    if (document.getElementById("talk").dataset.chat !== chat) return; // another chat is open by now
    await window.htmx.swap({ target: document.getElementById("find"), text: html, swap: "innerHTML" });
  }
  const field = document.getElementById("find-here");
  if (words) field.value = words;
  else field.focus();
  field.select();
}

function refused(detail) {
  document.dispatchEvent(new CustomEvent("refused", { detail }));
}

function close() {
  finder()?.remove();
  unmark();
  document.getElementById("text")?.focus();
}

// The bubble is marked where the server found the words, as they are written there.
function mark(link) {
  unmark();
  const bubble = document.getElementById(`m-${link.dataset.hit}`);
  if (!bubble) return false;
  bubble.dataset.found = "";
  const forms = JSON.parse(link.dataset.forms);
  for (const text of bubble.closest(".msg").querySelectorAll(".text")) markIn(text, forms);
  bubble.scrollIntoView({ block: "center" });
  return true;
}

function markIn(element, forms) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  for (const node of nodes) {
    let rest = node;
    for (let at = next(rest.data, forms); at; at = next(rest.data, forms)) {
      const found = rest.splitText(at.start);
      rest = found.splitText(at.length);
      const marked = document.createElement("mark");
      found.replaceWith(marked);
      marked.append(found);
    }
  }
}

function next(text, forms) {
  let first = null;
  for (const form of forms) {
    const start = text.indexOf(form);
    if (start >= 0 && (!first || start < first.start)) first = { start, length: form.length };
  }
  return first;
}

function unmark() {
  for (const bubble of document.querySelectorAll(".msg[data-found]")) {
    delete bubble.dataset.found;
    for (const marked of bubble.querySelectorAll(".text mark")) marked.replaceWith(...marked.childNodes);
    for (const text of bubble.querySelectorAll(".text")) text.normalize();
  }
}

// What the places were not found for is asked for first: no answer came, or none could yet.
function enter(by) {
  const shown = document.getElementById("finder-places").dataset.words;
  if (shown === document.getElementById("find-here").value.trim()) return step(by);
  finder().dispatchEvent(new Event("input"));
  wanted = true;
}

function step(by) {
  const all = places();
  if (!all.length) return;
  place = Math.min(all.length - 1, Math.max(0, place + by));
  const { of } = document.getElementById("finder-places").dataset;
  document.querySelector("#finder-places [data-count]").textContent = of.replace("{place}", place + 1).replace("{count}", all.length);
  if (!mark(all[place])) go(all[place]);
}

async function go(link) {
  const bar = finder();
  await window.htmx.ajax("GET", link.getAttribute("href"), { target: "#talk", swap: "outerHTML" });
  document.getElementById("find")?.replaceChildren(bar);
  window.htmx.process(bar);
  mark(link);
}

// From the history: ?at=…&find=… – the page is drawn around the message already.
async function arrive() {
  const asked = new URLSearchParams(location.search);
  if (!asked.has("at") || !asked.get("find") || !document.getElementById("find")) return;
  document.getElementById(`m-${asked.get("at")}`)?.scrollIntoView({ block: "center" });
  await open(asked.get("find"));
  if (!finder()) return;
  await window.htmx.ajax("GET", `${finder().getAttribute("action")}?q=${encodeURIComponent(asked.get("find"))}`, { target: "#finder-places", swap: "outerHTML" });
  place = places().findIndex((one) => one.dataset.hit === asked.get("at"));
  if (place >= 0) step(0);
}

document.addEventListener("click", (event) => {
  const control = event.target.closest?.("a[data-finds], [data-step], [data-closes-finder]");
  if (!control) return;
  if (control.matches("a")) { event.preventDefault(); open(); }
  else if (control.matches("[data-step]")) step(Number(control.dataset.step));
  else close();
});
document.addEventListener("keydown", (event) => {
  if (event.target.id !== "find-here") return;
  if (event.key === "Enter") { event.preventDefault(); enter(event.shiftKey ? -1 : 1); }
  if (event.key === "Escape") { event.preventDefault(); close(); }
});
document.addEventListener("input", (event) => { if (event.target.id === "find-here") wanted = false; });
document.addEventListener("submit", (event) => event.target === finder() && event.preventDefault());
document.addEventListener("htmx:after:swap", () => {
  const shown = document.getElementById("finder-places");
  if (!shown || shown.dataset.seen) return;
  shown.dataset.seen = "1";
  place = -1;
  if (wanted) step(1);
  wanted = false;
});
document.addEventListener("live:swapped", ({ detail }) => {
  const link = places()[place];
  if (link && detail.id === `m-${link.dataset.hit}`) mark(link);
});
arrive();
