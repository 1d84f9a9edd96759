// Keys of the desk. An element says its key by data-key="KeyN" (Alt is meant). Keys are places on the keyboard
// (event.code), so they work on Russian and Uzbek layouts alike. A key that is held is one press: it takes one chat.
function find(code) {
  return [...document.querySelectorAll(`[data-key="${code}"]`)].find((one) => !one.disabled);
}

function typing(target) {
  return target.matches?.("input, textarea, select, [contenteditable]");
}

document.addEventListener("keydown", (event) => {
  const help = event.code === "F1" || (event.key === "?" && !typing(event.target));
  if (help) {
    event.preventDefault();
    const dialog = document.getElementById("keys");
    if (dialog && !dialog.open) dialog.showModal();
    return;
  }
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.repeat || document.querySelector("dialog[open]")) return;
  const control = find(event.code);
  if (!control) return;
  event.preventDefault();
  control.click();
});
