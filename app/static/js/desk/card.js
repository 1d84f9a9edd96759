// The card follows who has the chat: what may be edited in it, and how many chats there were, change with that.
// Nothing is drawn anew under the hands of whoever edits a part of it; saving or leaving that part draws it whole.
const card = () => document.getElementById("card");

async function follow() {
  const [head, shown] = [document.getElementById("head"), card()];
  if (!head || !shown || head.dataset.of === shown.dataset.of || shown.querySelector("form.part")) return;
  const answer = await fetch(`/chats/${head.dataset.chat}/card`, { headers: { "HX-Request": "true", "X-Unattended": "1" } }).catch(() => null);
  if (!answer?.ok || card() !== shown || shown.querySelector("form.part")) return;
  const isOpen = shown.hasAttribute("data-open");
  await window.htmx.swap({ target: shown, text: await answer.text(), swap: "outerMorph" });
  card()?.toggleAttribute("data-open", isOpen);
}

document.addEventListener("live:swapped", ({ detail }) => detail.id === "head" && follow());
