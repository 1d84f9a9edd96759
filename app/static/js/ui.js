// The small manners of every page. State lives in the HTML: data-opens, data-closes, data-toggles, data-confirm,
// data-copy, data-shows, data-dismiss, data-roves. Other modules ask for a toast by the event "toast", and for the
// reason of a failed request by "refused" {status, html}.
const TOAST_MS = 6000;
const confirmed = new WeakSet();

/* The form of pushed buttons leads back to what stands there by now, not to what the page began with. */

document.addEventListener("submit", ({ target }) => {
  if (target.id === "act") target.querySelector("[name=next]").value = location.pathname + location.search;
});

/* Dialogs */

function open(dialog) {
  if (dialog && !dialog.open) dialog.showModal();
}

function openArrived() {
  for (const dialog of document.querySelectorAll("dialog[data-modal]:not([open])")) open(dialog);
}

/* A dangerous act asks first, then is pressed again by us. */

function asks(button, event) {
  const dialog = document.getElementById("confirm");
  if (!dialog || confirmed.delete(button)) return false;
  event.preventDefault();
  event.stopImmediatePropagation();
  dialog.querySelector("[data-text]").textContent = button.dataset.confirm;
  const yes = dialog.querySelector("[data-yes]");
  yes.textContent = button.dataset.confirmLabel || button.textContent.trim();
  yes.onclick = () => {
    dialog.close();
    confirmed.add(button);
    button.click();
  };
  open(dialog);
  return true;
}

/* Toasts */

function toast({ text, tone = "" }) {
  const drawn = document.getElementById("toast").content.firstElementChild.cloneNode(true);
  drawn.querySelector("[data-text]").textContent = text;
  if (tone) drawn.classList.add(tone);
  document.getElementById("toasts").append(drawn);
}

// Bad news stays until it is read; the rest passes. Said again, it stands there once.
function arrived(toasts) {
  for (const one of toasts) {
    if (!one.matches?.(".toast")) continue;
    for (const said of document.querySelectorAll(".toasts > .toast:not([id])")) if (said !== one && words(said) === words(one)) said.remove();
    if (one.matches(".bad")) before(one);
    else setTimeout(() => one.remove(), TOAST_MS);
  }
}

const words = (shown) => shown.querySelector("[data-text]")?.textContent;

// A modal dialog lies over everything and makes the rest deaf: what was refused in it is said in it, and goes with it.
function before(bad) {
  const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
  if (!dialog) return;
  let box = dialog.querySelector(":scope > .toasts");
  if (!box) {
    box = document.createElement("div");
    box.className = "toasts";
    box.setAttribute("role", "alert");
    dialog.append(box);
  }
  box.append(bad);
}

/* What was not done, and why. Our own refusals are toasts; what a proxy before us says is not for people. */

function refused({ status, html }) {
  if (status === 401) return location.assign("/sign-in"); // the session is over
  const said = ours(html);
  const told = document.getElementById("toasts").dataset;
  const text = said ?? (status === 413 ? told.large : status ? told.failed : told.unanswered);
  toast({ text, tone: "bad" });
}

// What has gone through now needs no word any more that it did not.
function heard() {
  const { unanswered, failed } = document.getElementById("toasts").dataset;
  for (const one of document.querySelectorAll(".toasts > .bad")) if ([unanswered, failed].includes(words(one))) one.remove();
}

function ours(html = "") {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.querySelector(".toast [data-text]")?.textContent;
}

function unanswered({ detail: { ctx } }) {
  if (ctx && !comesAgain(ctx)) refused({});
}

// A form that does not fit comes back with 422, our refusals say where they go: anything else is not ours to draw.
function answered(event) {
  const { response, hx } = event.detail.ctx;
  if (response.status < 400 || response.status === 422 || hx?.retarget || hx?.redirect) return;
  event.preventDefault();
  if (!comesAgain(event.detail.ctx)) refused({ status: response.status });
}

// Nobody has asked for it, and the page will ask anew.
function comesAgain({ sourceElement }) {
  return sourceElement?.getAttribute?.("hx-trigger")?.startsWith("every");
}

async function copy(text) {
  const words = document.getElementById("toasts").dataset;
  const done = await (navigator.clipboard?.writeText(text) ?? Promise.reject()).then(() => true, () => copyOldWay(text));
  toast(done ? { text: words.copied } : { text: words.notCopied, tone: "bad" });
}

// Without TLS a browser has no clipboard interface.
function copyOldWay(text) {
  const area = document.createElement("textarea");
  area.className = "sr";
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

/* Menus and lists: arrows, Home, End, Escape */

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except && !menu.contains(except)) menu.open = false;
  }
}

function move(list, from, key) {
  const items = [...list].filter((item) => !item.disabled && item.offsetParent !== null);
  const at = items.indexOf(from);
  const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? items.length - 1 : at - 1, Home: 0, End: items.length - 1 }[key];
  if (to === undefined || !items.length) return false;
  items[Math.min(Math.max(to, 0), items.length - 1)].focus();
  return true;
}

function steer(event) {
  const menu = event.target.closest("details.menu");
  if (menu?.open && event.key === "Escape") {
    event.preventDefault();
    menu.open = false;
    menu.querySelector("summary").focus();
    return;
  }
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select")) return;
  if (menu && !menu.open && event.key === "ArrowDown") menu.open = true;
  const list = menu?.open ? menu.querySelectorAll(".item") : event.target.closest("[data-roves]")?.querySelectorAll("a, [data-rove]");
  if (list && move(list, event.target, event.key)) event.preventDefault();
}

/* One press */

function toggle(control) {
  const target = document.getElementById(control.dataset.toggles);
  const shown = target.toggleAttribute("data-open");
  for (const one of document.querySelectorAll(`[data-toggles="${CSS.escape(target.id)}"]`)) {
    one.setAttribute("aria-expanded", String(shown));
  }
}

function showPassword(button) {
  const input = document.getElementById(button.dataset.shows);
  const shown = input.type === "password";
  input.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
}

const presses = {
  opens: (control) => open(document.getElementById(control.dataset.opens)),
  closes: (control) => control.closest("dialog")?.close(),
  toggles: toggle,
  copy: (control) => copy(control.dataset.copy),
  shows: showPassword,
  dismiss: (control) => control.closest(".toast").remove(),
};

function press(event) {
  const control = event.target.closest("button, a, summary, [aria-disabled]");
  closeMenus(event.target);
  if (!control) return;
  if (control.getAttribute("aria-disabled") === "true") {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (control.title) toast({ text: control.title });
    return;
  }
  if (control.dataset.confirm && asks(control, event)) return;
  for (const [name, verb] of Object.entries(presses)) {
    if (name in control.dataset) {
      if (control.tagName === "A") event.preventDefault();
      verb(control);
    }
  }
  if (control.matches(".menu .item") && !control.closest(".themes")) control.closest("details.menu").open = false;
}

// Esc closes what is open; with nothing else open, what was told last.
function close(event) {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  document.querySelector("#toasts > .toast:last-child")?.remove();
}

document.addEventListener("click", press, true);
document.addEventListener("keydown", steer);
window.addEventListener("keydown", close); // whoever else hears the key is asked first
document.addEventListener("cancel", (event) => event.target.matches?.("dialog[data-must]") && event.preventDefault(), true);
document.addEventListener("toast", (event) => toast(event.detail));
document.addEventListener("refused", (event) => refused(event.detail));
document.addEventListener("live:sent", heard);
document.addEventListener("htmx:error", unanswered);
document.addEventListener("htmx:before:response", answered);
document.addEventListener("htmx:after:swap", openArrived);
new MutationObserver((changes) => changes.forEach((change) => arrived(change.addedNodes))).observe(
  document.getElementById("toasts"),
  { childList: true },
);
arrived(document.querySelectorAll("#toasts > .toast"));
openArrived();
