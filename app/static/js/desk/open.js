// Opening a chat: htmx swaps #talk in; here the rest of the page follows it.
// Says "desk:opened" {chat, left}: the talk that stood there before.
const desk = () => document.getElementById("desk");
const talk = () => document.getElementById("talk");

function follow(left) {
  const shown = talk();
  if (!shown || !desk()) return;
  desk().dataset.view = shown.dataset.view;
  mark();
  document.dispatchEvent(new CustomEvent("desk:opened", { detail: { chat: shown.dataset.chat, left } }));
}

// Which row is the open chat: known only to this page, so pushed rows never carry it.
function mark() {
  const id = talk()?.dataset.chat;
  for (const row of document.querySelectorAll(".rows > .row[aria-current]")) {
    if (row.id !== `row-${id}`) row.removeAttribute("aria-current");
  }
  document.getElementById(`row-${id}`)?.setAttribute("aria-current", "true");
}

// The chat is no longer ours to see: back to the list, unless its person goes elsewhere already.
function close() {
  if (asked) return;
  window.htmx.ajax("GET", "/chats", { target: "#talk", swap: "outerHTML", push: "/chats" });
}

// Who is in a hurry asks for the next before the last is there: what was asked for last is what stands there in the end,
// and until then nothing is sent from the chat that goes.
let asked = null;
const forTalk = ({ target }) => target?.id === "talk";

function begin({ detail: { ctx } }) {
  if (!forTalk(ctx)) return;
  asked = ctx;
  talk().setAttribute("aria-busy", "true");
}

function answered(event) {
  const { ctx } = event.detail;
  if (!forTalk(ctx) || ctx.response.status >= 400 || ctx.hx.retarget) return;
  if (ctx === asked) ctx.target = talk();
  else event.preventDefault();
}

function end({ detail: { ctx } }) {
  if (ctx !== asked) return;
  asked = null;
  talk().removeAttribute("aria-busy");
}

let opened = talk();
document.addEventListener("htmx:before:request", begin);
document.addEventListener("htmx:before:response", answered);
document.addEventListener("htmx:finally:request", end);
document.addEventListener("htmx:after:swap", () => {
  if (talk() !== opened) {
    const left = opened;
    opened = talk();
    follow(left);
  } else {
    mark();
  }
});
document.addEventListener("live:swapped", mark);
// A panel that was closed is gone: a modal one opens by itself whenever it is found in the page.
document.addEventListener("close", (event) => event.target.closest?.("#over") && event.target.remove(), true);
document.addEventListener("live:gone", ({ detail }) => detail.id === "head" && close());
