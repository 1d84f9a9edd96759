// The client's phone of the demo: joins, shows the thread as it grows, sends texts, files and button presses.
import { words } from "/words.js";

const byId = (id) => document.getElementById(id);
const hello = byId("hello"), chat = byId("chat"), thread = byId("thread"), text = byId("text"), state = byId("state");
let key = sessionStorage.getItem("key");
let after = 0;
let quiet = 0;

speak(sessionStorage.getItem("language") || "ru");
if (key) open();

hello.addEventListener("change", (event) => {
  if (event.target.name === "language") speak(event.target.value);
});

hello.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(hello);
  const start = new URLSearchParams(location.search).get("start") || "";
  const answer = await post("/client", { name: form.get("name"), language: form.get("language"), start });
  if (!answer.ok) return;
  key = (await answer.json()).key;
  sessionStorage.setItem("key", key);
  open();
});

byId("write").addEventListener("submit", (event) => {
  event.preventDefault();
  say();
});

text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  say();
});

byId("file").addEventListener("change", async (event) => {
  for (const file of event.target.files) {
    const headers = { "Content-Type": file.type || "application/octet-stream", "X-File-Name": encodeURIComponent(file.name) };
    await fetch(`/client/${key}/attach`, { method: "POST", headers, body: file });
  }
  event.target.value = "";
});

function speak(language) {
  const table = words[language];
  sessionStorage.setItem("language", language);
  document.documentElement.lang = table.lang;
  hello.elements.language.value = language;
  document.title = table.title;
  for (const place of document.querySelectorAll("[data-text]")) place.textContent = table[place.dataset.text];
  for (const place of document.querySelectorAll("[data-label]")) {
    place.setAttribute("aria-label", table[place.dataset.label]);
    if (place === text) place.placeholder = table[place.dataset.label];
  }
}

function said(name) {
  return words[sessionStorage.getItem("language") || "ru"][name];
}

async function say() {
  const words = text.value.trim();
  if (!words) return;
  text.value = "";
  const answer = await post(`/client/${key}/text`, { text: words }).catch(() => null);
  if (!answer?.ok) text.value = words;
}

async function open() {
  hello.hidden = true;
  chat.hidden = false;
  text.focus();
  while (key) {
    try {
      const answer = await fetch(`/client/${key}/events?after=${after}`);
      if (answer.status === 404) return leave();
      const { events } = await answer.json();
      events.forEach(show);
      if (!typing()) state.textContent = said("bot");
    } catch {
      state.textContent = said("offline");
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}

function leave() {
  // The simulator forgot us: it was started anew.
  sessionStorage.removeItem("key");
  location.reload();
}

function typing() {
  return Date.now() < quiet;
}

function show(event) {
  after = event.n;
  if (event.what === "typing") {
    quiet = Date.now() + 5000;
    state.textContent = said("typing");
    setTimeout(() => { if (!typing()) state.textContent = said("bot"); }, 5100);
    return;
  }
  if (event.by === "bank") quiet = 0;
  const id = `m${event.message.message_id}`;
  const old = byId(id);
  if (event.what === "deleted") return old?.remove();
  const bubble = draw(event.message, event.by);
  bubble.id = id;
  if (old) return old.replaceWith(bubble);
  thread.append(bubble);
  down();
  bubble.querySelector("img")?.addEventListener("load", down);
}

function down() {
  thread.scrollTop = thread.scrollHeight;
}

function draw(message, by) {
  const bubble = make("li", { className: by });
  const quoted = message.reply_to_message;
  if (quoted) bubble.append(make("blockquote", { textContent: (quoted.text || quoted.caption || said(quoted.photo ? "photo" : "file")).slice(0, 120) }));
  bubble.append(...media(message));
  const body = message.text ?? message.caption;
  if (body) bubble.append(paragraph(body, message.entities || message.caption_entities || []));
  if (message.reply_markup?.inline_keyboard) bubble.append(...message.reply_markup.inline_keyboard.map((row) => buttons(row, message)));
  const edited = message.edit_date ? `${said("edited")} ` : "";
  const at = new Date(message.date * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  bubble.append(make("time", { textContent: edited + at }));
  return bubble;
}

function media(message) {
  const link = (file) => `/client/${key}/file/${file.file_id}`;
  if (message.photo) return [make("img", { src: link(message.photo.at(-1)), alt: said("photo") })];
  if (message.voice || message.audio) return [make("audio", { src: link(message.voice || message.audio), controls: true })];
  if (message.video) return [make("video", { src: link(message.video), controls: true })];
  if (message.document) return [make("a", { href: link(message.document), textContent: message.document.file_name || said("file") })];
  if (message.location) return [make("p", { textContent: `📍 ${message.venue?.title || ""} ${message.location.latitude}, ${message.location.longitude}` })];
  return [];
}

// Entity offsets are UTF-16 units, which is how JavaScript counts too.
function paragraph(body, entities) {
  const line = make("p", {});
  let place = 0;
  for (const entity of [...entities].sort((a, b) => a.offset - b.offset)) {
    if (entity.offset < place) continue;
    line.append(body.slice(place, entity.offset), styled(entity, body.slice(entity.offset, entity.offset + entity.length)));
    place = entity.offset + entity.length;
  }
  line.append(body.slice(place));
  return line;
}

function styled(entity, textContent) {
  const tags = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "code" };
  if (entity.type === "text_link" && /^https?:/.test(entity.url)) {
    return make("a", { href: entity.url, textContent, target: "_blank", rel: "noopener noreferrer" });
  }
  return make(tags[entity.type] || "span", { textContent });
}

function buttons(row, message) {
  const line = make("div", { className: "buttons" });
  for (const button of row) {
    if (button.url && /^https?:/.test(button.url)) {
      line.append(make("a", { href: button.url, textContent: button.text, target: "_blank", rel: "noopener noreferrer" }));
      continue;
    }
    const pressed = make("button", { type: "button", textContent: button.text });
    pressed.addEventListener("click", () => {
      pressed.disabled = true;
      post(`/client/${key}/press`, { message_id: message.message_id, data: button.callback_data });
      setTimeout(() => { pressed.disabled = false; }, 1000);
    });
    line.append(pressed);
  }
  return line;
}

function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

function post(url, body) {
  return fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}
