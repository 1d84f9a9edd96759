// What is shown: bubbles by their order, days between them, marks of what was read, how the dialogue stands.

const flow = document.getElementById("flow");
const older = document.getElementById("older");
const typing = document.getElementById("typing");
const TYPING_SHOWN = 30000;

let before = null;
let open = document.hidden ? false : window.parent === window;
let fresh = 0; // the bank's words since the chat was last looked at
let marked = "";
let marking = 0;
let quiet = 0;

document.addEventListener("talk:answer", ({ detail: answer }) => {
  const first = !items().length;
  flow.setAttribute("aria-busy", String(first)); // a whole history is not read aloud
  if (answer.whole) items().forEach((one) => one.remove());
  const added = answer.items.map((html) => put(html)).filter((shown) => shown?.dataset.bank).length;
  if (added && !looks() && !("before" in answer)) tell(fresh + added); // came while nobody listened
  if ("before" in answer) before = answer.before;
  older.hidden = !before;
  show(answer.state);
  settle();
  flow.setAttribute("aria-busy", "false");
});

document.addEventListener("talk:item", ({ detail }) => {
  const shown = put(detail.html);
  if (shown?.dataset.bank) type(false);
  if (shown?.dataset.bank && !looks()) tell(fresh + 1);
  settle();
});

document.addEventListener("talk:state", ({ detail }) => { show(detail.html); ticks(); });
document.addEventListener("talk:typing", ({ detail }) => type(detail.on));
document.addEventListener("talk:online", ({ detail }) => { document.getElementById("offline").hidden = detail.on; });
document.addEventListener("talk:refused", ({ detail }) => {
  const notice = document.getElementById("refused");
  notice.hidden = false;
  notice.querySelector("p").textContent = detail.notice ?? document.getElementById("lines").dataset.offline;
  document.querySelectorAll("#write :is(button, textarea, input)").forEach((one) => { one.disabled = detail.final; });
});
document.addEventListener("talk:opened", ({ detail }) => { open = detail.on; look(); });
document.addEventListener("visibilitychange", look);

older.addEventListener("click", async () => {
  const answer = await window.talk.ask("talk", { query: `?before=${before}` });
  window.talk.take(answer);
});

// One fragment: replaces what has its id or is the same word of ours that waited, else stands where its order says.
function put(html) {
  const drawn = parse(html);
  if (!drawn?.id) return null;
  const present = document.getElementById(drawn.id);
  if (drawn.dataset.client) document.querySelector(`[data-waiting="${CSS.escape(drawn.dataset.client)}"]`)?.remove();
  if (present && drawn.dataset.stage && present.dataset.stage === drawn.dataset.stage) return null; // half filled in
  if (present) present.replaceWith(drawn);
  else flow.insertBefore(drawn, items().find((one) => one.dataset.order > drawn.dataset.order) ?? waiting());
  return present ? null : drawn;
}

function show(html) {
  const drawn = parse(html);
  document.getElementById("state").replaceWith(drawn);
  document.getElementById("finish").disabled = drawn.dataset.open === undefined;
  document.getElementById("terms")?.toggleAttribute("hidden", items().length > 0);
  const { open: going, over } = drawn.dataset;
  window.talk.say("stands", { open: going !== undefined, over: over !== undefined, left: Number(over ?? 0) });
}

function settle() {
  days();
  ticks();
  mark();
}

function days() {
  flow.querySelectorAll(".day").forEach((one) => one.remove());
  let day = "";
  for (const one of items()) {
    if (one.dataset.day === day) continue;
    day = one.dataset.day;
    const line = document.createElement("div");
    line.className = "day";
    line.textContent = one.dataset.dayName;
    one.before(line);
  }
}

// The last so many of our words are not read yet; the others are.
function ticks() {
  const unread = Number(document.getElementById("state").dataset.unread ?? 0);
  const own = items().filter((one) => one.dataset.client);
  own.forEach((one, place) => {
    const state = place < own.length - unread ? "read" : "sent";
    if (one.dataset.state === state) return;
    one.dataset.state = state;
    one.querySelector(".mark-of").replaceWith(document.getElementById(state).content.cloneNode(true));
  });
}

// Tell the bank what was shown, and what was looked at.
function mark() {
  clearTimeout(marking);
  marking = setTimeout(async () => {
    const upto = items().filter((one) => one.dataset.bank).at(-1)?.dataset.bank;
    const state = looks() ? "read" : "delivered";
    if (!upto || marked === `${upto} ${state}` || marked === `${upto} read`) return;
    await window.talk.ask("marks", { json: { upto, state } }).then(() => { marked = `${upto} ${state}`; }).catch(() => {});
  }, 300);
}

function look() {
  if (!looks()) return;
  tell(0);
  mark();
}

function looks() {
  return open && !document.hidden;
}

function tell(count) {
  fresh = count;
  window.talk.say("unread", { count });
}

function type(on) {
  clearTimeout(quiet);
  typing.textContent = on ? typing.dataset.text : "";
  if (on) quiet = setTimeout(type, TYPING_SHOWN, false);
}

function items() {
  return [...flow.querySelectorAll(":scope > [data-order]")];
}

function waiting() {
  return flow.querySelector(":scope > [data-waiting]");
}

function parse(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.firstElementChild;
}
