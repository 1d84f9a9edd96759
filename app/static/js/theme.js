// The look is the person's own and the server keeps it; here it is only shown at once.
const root = document.documentElement;

async function choose(button) {
  const before = root.dataset.theme;
  show(button.dataset.themeChoice);
  const body = new FormData(button.form);
  body.set(button.name, button.value);
  const kept = await fetch(button.formAction, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => null);
  if (!kept || !kept.ok) show(before);
}

function show(theme) {
  root.dataset.theme = theme;
  for (const one of document.querySelectorAll("[data-theme-choice]")) {
    one.setAttribute("aria-pressed", String(one.dataset.themeChoice === theme));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-choice]");
  if (!button || !button.form) return;
  event.preventDefault();
  choose(button);
});
