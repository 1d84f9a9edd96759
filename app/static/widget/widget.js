// The bank's page holds one line: <script src="https://desk/widget.js" data-channel="KEY" async></script>
// It gives a button, and a frame once it is pressed. Styles are set through the CSSOM alone, so a strict policy of the
// page needs no more than script-src and frame-src with the desk's address.
// data-lang="uz", data-user="a signed token", data-theme="auto"; from a script: Muloqot.open() close() identify(token)
// reset() language(tag).
(() => {
  "use strict";
  const desk = __DESK__;
  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const { channel, theme = "light" } = script.dataset;
  const flag = `muloqot:${channel}`;
  const phone = matchMedia("(max-width: 600px)");
  let { lang = document.documentElement.lang, user = "" } = script.dataset;
  let chosen = "";
  let frame = null;
  let opened = false;
  let ready = false;
  let scroll = "";
  let passage = passed();

  const sheet = `
    :host { all: initial; }
    button { position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; min-height: 52px; max-width: calc(100vw - 40px);
      padding: 0 20px; border: 1px solid #fff; border-radius: 26px; background: ${desk.colour}; color: ${desk.ink}; cursor: pointer;
      font: 600 16px/1.3 system-ui, "Segoe UI", Roboto, sans-serif; box-shadow: 0 2px 10px rgb(0 0 0 / 25%); }
    button:focus-visible { outline: 3px solid ${desk.colour}; outline-offset: 3px; }
    button[hidden] { display: none; }
    b { display: inline-block; min-width: 20px; margin-left: 8px; padding: 0 5px; border-radius: 10px; background: ${desk.ink}; color: ${desk.colour}; font-size: 13px; }
    b:empty { display: none; }
    iframe { position: fixed; right: 20px; bottom: 20px; z-index: 2147483001; width: 380px; height: min(640px, calc(100vh - 40px));
      border: 1px solid rgb(0 0 0 / 15%); border-radius: 14px; background: #fff; box-shadow: 0 6px 30px rgb(0 0 0 / 25%); color-scheme: normal; }
    iframe[hidden] { display: none; }
    @media (max-width: 600px) { iframe { inset: 0; width: 100%; height: 100%; border: 0; border-radius: 0; } }
    @media print { :host { display: none; } }`;

  const host = document.createElement("div");
  const shadow = host.attachShadow({ mode: "open" });
  const button = document.createElement("button");
  const label = document.createElement("span");
  const badge = document.createElement("b");
  button.type = "button";
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-expanded", "false");
  button.append(label, badge);
  button.addEventListener("click", open);
  shadow.append(button);
  dress();
  speak();

  function dress() {
    if ("adoptedStyleSheets" in document) {
      const made = new CSSStyleSheet();
      made.replaceSync(sheet);
      shadow.adoptedStyleSheets = [made];
    } else {
      const style = document.createElement("style");
      style.textContent = sheet;
      shadow.append(style);
    }
  }

  // uz and oz are Uzbek in Latin script; the page may speak more exactly (uz-Cyrl).
  function words() {
    const [language, ...rest] = (chosen || lang || "ru").toLowerCase().split(/[-_]/);
    const tag = language === "uz" || language === "oz" ? (rest.includes("cyrl") ? "uz-Cyrl" : "uz-Latn") : language;
    return desk.words[tag] ?? desk.words.ru;
  }

  function speak() {
    label.textContent = words().open;
    if (frame) frame.title = words().open;
  }

  function build() {
    if (frame) return;
    frame = document.createElement("iframe");
    frame.title = words().open;
    frame.hidden = true;
    frame.src = `${origin}/widget/${encodeURIComponent(channel)}?lang=${encodeURIComponent(chosen || lang)}&theme=${encodeURIComponent(theme)}`;
    shadow.append(frame);
  }

  function open() {
    build();
    opened = true;
    frame.hidden = false;
    button.hidden = true;
    button.setAttribute("aria-expanded", "true");
    if (phone.matches) { scroll = document.documentElement.style.overflow; document.documentElement.style.overflow = "hidden"; }
    frame.focus();
    tell("shown");
  }

  function close() {
    if (!opened) return;
    opened = false;
    frame.hidden = true;
    button.hidden = false;
    button.setAttribute("aria-expanded", "false");
    document.documentElement.style.overflow = scroll;
    button.focus();
    tell("hidden");
  }

  function greet() {
    ready = true;
    tell("hello", { user, chosen, passage });
    if (opened) tell("shown");
  }

  function tell(what, more = {}) {
    if (ready) frame.contentWindow.postMessage({ muloqot: what, ...more }, origin);
  }

  addEventListener("message", ({ source, origin: from, data }) => {
    if (!frame || source !== frame.contentWindow || from !== origin) return;
    if (data?.muloqot === "ready") greet();
    if (data?.muloqot === "close") close();
    if (data?.muloqot === "came") passage = "";
    if (data?.muloqot === "unread") unread(Number(data.count) || 0);
    if (data?.muloqot === "stands") remember(data.open);
  });

  function unread(count) {
    badge.textContent = count || "";
    button.setAttribute("aria-label", count ? `${words().open}, ${words().unread}: ${count}` : words().open);
  }

  // While a dialogue is open, the next page of the site listens for answers at once, without a click.
  function remember(going) {
    try { if (going) localStorage.setItem(flag, "1"); else localStorage.removeItem(flag); } catch { /* only this page */ }
  }

  function goesOn() {
    try { return localStorage.getItem(flag) === "1"; } catch { return false; }
  }

  function reload() {
    const was = opened;
    frame?.remove();
    frame = null;
    ready = false;
    if (was) open(); else if (goesOn() || user) build();
  }

  window.Muloqot = {
    open,
    close,
    identify(token) { user = String(token ?? ""); reload(); },
    reset() { user = ""; remember(false); unread(0); if (frame) tell("reset"); },
    language(tag) { chosen = String(tag); speak(); reload(); },
  };

  function stand() {
    document.body.append(host);
    if (passage) open(); else if (goesOn()) build();
  }

  // Whoever comes from the bank's bot brings a token that works once; it does not stay in the address.
  function passed() {
    const address = new URL(location.href);
    const token = address.searchParams.get("muloqot") ?? "";
    address.searchParams.delete("muloqot");
    if (token) history.replaceState(history.state, "", address);
    return token;
  }

  if (document.body) stand(); else addEventListener("DOMContentLoaded", stand);
})();
