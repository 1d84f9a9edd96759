// Between the chat and the page it stands in: who is signed in there, whether it is open, how many words are new.
// Only the sites of this channel are heard and answered. Alone, in the bank's app, it enters by itself.

const page = document.getElementById("talk");
const origins = page.dataset.origins.split(" ");
const framed = window.parent !== window;
const ending = document.getElementById("ending");
const menu = document.querySelector(".menu");
let site = "";

addEventListener("message", ({ source, origin, data }) => {
  if (source !== window.parent || !origins.includes(origin) || typeof data?.muloqot !== "string") return;
  site = origin;
  if (data.muloqot === "hello") enter(data.user, data.chosen, data.passage);
  if (data.muloqot === "shown") shown(true);
  if (data.muloqot === "hidden") shown(false);
  if (data.muloqot === "reset") window.talk.reset();
});

function enter(user, lang, passage) {
  if (lang) window.talk.keep.drop("tongue"); // the site has a switch of its own
  const chosen = window.talk.keep.read("tongue");
  if (chosen && chosen !== page.dataset.lang) return speak(chosen);
  window.talk.enter(typeof user === "string" ? user : "").catch(() => {}); // said by "talk:refused"
  if (typeof passage === "string" && passage) window.talk.say("passage", { token: passage });
}

function shown(on) {
  window.talk.say("opened", { on });
  if (on) document.getElementById("text").focus({ preventScroll: true });
}

function tell(what, more = {}) {
  if (site) window.parent.postMessage({ muloqot: what, ...more }, site);
}

function speak(lang) {
  window.talk.keep.write("tongue", lang);
  const address = new URL(location.href);
  address.searchParams.set("lang", lang);
  location.replace(address);
}

document.addEventListener("talk:unread", ({ detail }) => tell("unread", { count: detail.count }));
document.addEventListener("talk:came", () => tell("came"));
document.addEventListener("talk:stands", ({ detail }) => tell("stands", { open: detail.open }));

document.querySelectorAll("[data-tongue]").forEach((one) => one.addEventListener("click", () => speak(one.dataset.tongue)));
document.getElementById("close").addEventListener("click", () => tell("close"));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || ending.open) return;
  if (menu.open) { menu.open = false; menu.querySelector("summary").focus(); } else tell("close");
});
document.addEventListener("click", ({ target }) => { if (menu.open && !menu.contains(target)) menu.open = false; });

document.getElementById("finish").addEventListener("click", () => { menu.open = false; ending.showModal(); });
ending.querySelector("[data-no]").addEventListener("click", () => ending.close());
ending.querySelector("[data-yes]").addEventListener("click", async () => {
  ending.close();
  await window.talk.ask("finish", { json: {}, query: `?since=${window.talk.rev}` }).then(window.talk.take).catch(() => window.talk.heal());
  document.getElementById("text").focus();
});

document.getElementById("close").hidden = !framed;
if (framed) {
  // The site has its listener before our address is set, so this cannot come too early; it holds nothing secret.
  window.parent.postMessage({ muloqot: "ready" }, "*");
} else {
  const asked = new URLSearchParams(location.hash.slice(1)).get("user") ?? "";
  if (asked) history.replaceState(null, "", location.pathname + location.search);
  enter(asked, "");
  shown(true);
}
