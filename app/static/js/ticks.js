// "Choose all shown": ticks every chat of the form it names, or none when all are ticked.
const boxes = (button) => [...document.querySelectorAll(`#${CSS.escape(button.dataset.ticks)} input[name="chat"]`)];

for (const button of document.querySelectorAll("[data-ticks]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const all = boxes(button);
    const tick = all.some((box) => !box.checked);
    for (const box of all) box.checked = tick;
  });
}
