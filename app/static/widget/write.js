// The composer: a word stands in the talk at once, waits in a queue that outlives the page, and goes when it can.
// Its id is made here, so a word that is posted twice is one word.

const form = document.getElementById("write");
const text = document.getElementById("text");
const faces = document.getElementById("faces");
const smile = document.getElementById("smile");
const flow = document.getElementById("flow");
const RETRY = 4000;
const STILL = 4000;
const AGAIN = 5000; // the sign "is typing" is renewed

let sending = false;
let retrying = 0;
let typed = 0;
let pause = 0;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const said = text.value.trim();
  if (!said) return text.focus();
  queue([...queued(), { id: crypto.randomUUID?.() ?? newId(), text: said }]);
  text.value = "";
  grow();
  still();
  draw();
  flush();
  text.focus();
});

text.addEventListener("keydown", (event) => {
  const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing && matchMedia("(hover: hover)").matches;
  if (!sends) return;
  event.preventDefault();
  form.requestSubmit();
});

text.addEventListener("input", () => {
  grow();
  clearTimeout(pause);
  pause = setTimeout(still, STILL);
  if (!text.value) return still();
  if (Date.now() - typed > AGAIN) { typed = Date.now(); window.talk.types(true); }
});

document.addEventListener("talk:answer", () => { draw(); flush(); });
// Until it is known whose the words are, nothing can be written.
document.addEventListener("talk:begun", () => {
  form.querySelectorAll("button, textarea, input").forEach((one) => { one.disabled = false; });
  draw();
  flush();
});
addEventListener("online", () => flush());

// --- the queue ---

function queued() {
  return window.talk.keep.read(`queue:${window.talk.session.name}`) ?? [];
}

function queue(words) {
  window.talk.keep.write(`queue:${window.talk.session.name}`, words);
}

function settled(id) {
  queue(queued().filter((one) => one.id !== id));
}

async function flush() {
  if (sending || !window.talk.session) return;
  sending = true;
  clearTimeout(retrying);
  try {
    for (let word = queued().find(waits); word; word = queued().find(waits)) await post(word);
  } catch (error) {
    later(error);
  } finally {
    sending = false;
  }
}

function waits(word) {
  return !word.refused;
}

async function post(word) {
  await window.talk.entered();
  const sent = new FormData();
  sent.set("id", word.id);
  sent.set("text", word.text);
  try {
    const answer = await window.talk.ask("messages", { form: sent, query: window.talk.rev ? `?since=${window.talk.rev}` : "" });
    settled(word.id);
    accepted(bubble(word.id));
    window.talk.say("online", { on: true });
    window.talk.take(answer);
    window.talk.rest();
  } catch (error) {
    if (!error.status || error.status === 429 || error.status >= 500 || error.status === 401) throw error;
    queue(queued().map((one) => (one.id === word.id ? { ...one, refused: error.notice ?? "" } : one)));
    draw();
  }
}

function accepted(shown) {
  shown.dataset.state = "sent";
  shown.querySelector(".mark-of").replaceWith(document.getElementById("sent").content.cloneNode(true));
}

// The word stays in the queue; a flood is told, a lost connection is shown.
function later(error) {
  if (!error.status) window.talk.say("online", { on: false });
  if (error.status === 429) told(error.notice);
  retrying = setTimeout(flush, error.after ? error.after * 1000 : RETRY);
}

function told(notice) {
  const shown = document.getElementById("refused");
  shown.querySelector("p").textContent = notice;
  shown.hidden = false;
  setTimeout(() => { shown.hidden = true; }, 8000);
}

// --- what waits, drawn ---

function draw() {
  for (const word of queued()) {
    const shown = bubble(word.id) ?? add(word);
    if (word.refused !== undefined) refuse(shown, word);
  }
}

function add(word) {
  const shown = document.getElementById("word").content.firstElementChild.cloneNode(true);
  shown.dataset.waiting = word.id;
  shown.querySelector(".text").textContent = word.text;
  flow.append(shown);
  return shown;
}

function refuse(shown, word) {
  if (shown.querySelector(".trouble")) return;
  shown.dataset.state = "failed";
  const trouble = document.getElementById("trouble").content.cloneNode(true);
  trouble.querySelector("span").textContent = word.refused;
  trouble.querySelector("[data-again]").addEventListener("click", () => again(shown, word));
  trouble.querySelector("[data-drop]").addEventListener("click", () => { settled(word.id); shown.remove(); });
  shown.append(trouble);
}

function again(shown, word) {
  shown.remove();
  queue(queued().map((one) => (one.id === word.id ? { id: one.id, text: one.text } : one)));
  draw();
  flush();
}

function bubble(id) {
  return flow.querySelector(`[data-waiting="${CSS.escape(id)}"]`) ?? flow.querySelector(`[data-client="${CSS.escape(id)}"]`);
}

// --- emoji and size ---

smile.addEventListener("click", () => pick(faces.hidden));
faces.addEventListener("click", ({ target }) => {
  if (target.tagName !== "BUTTON") return;
  text.setRangeText(target.textContent, text.selectionStart, text.selectionEnd, "end");
  grow();
});
faces.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 }[event.key];
  const all = [...faces.children];
  if (step) { event.preventDefault(); all[all.indexOf(document.activeElement) + step]?.focus(); }
  if (event.key === "Escape") { event.stopPropagation(); pick(false); smile.focus(); }
});

function pick(on) {
  faces.hidden = !on;
  smile.setAttribute("aria-expanded", String(on));
  if (on) faces.firstElementChild.focus();
}

function grow() {
  text.rows = Math.min(5, text.value.split("\n").length + Math.floor(text.value.length / 40));
}

function still() {
  clearTimeout(pause);
  if (typed) window.talk.types(false);
  typed = 0;
}

function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
}
