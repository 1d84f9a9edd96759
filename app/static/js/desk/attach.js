// Files for the next message: chosen, pasted or dropped; each is kept on the server at once and shown as a tile.
async function attach(files) {
  const [composer, tiles] = [document.getElementById("composer"), document.getElementById("attached")];
  if (!composer?.hasAttribute("data-answers") || composer.dataset.mode === "note") return;
  for (const file of files) {
    const tile = waiting(file);
    tiles.append(tile);
    const answer = await send(composer.dataset.chat, file);
    if (answer?.ok) tile.outerHTML = await answer.text();
    else { tile.remove(); await refuse(answer); }
  }
}

function send(chat, file) {
  const body = new FormData();
  body.set("upload", file, file.name || "image.png");
  const headers = { "HX-Request": "true", "X-CSRF-Token": document.querySelector("meta[name=csrf]").content };
  return fetch(`/chats/${chat}/files`, { method: "POST", body, headers }).catch(() => null);
}

function waiting(file) {
  const tile = document.createElement("div");
  tile.className = "file";
  const name = document.createElement("span");
  name.textContent = file.name;
  tile.append(name, document.createElement("progress"));
  return tile;
}

async function refuse(answer) {
  const holder = document.createElement("template");
  holder.innerHTML = answer ? await answer.text() : "";
  const text = holder.content.querySelector("[data-text]")?.textContent ?? document.getElementById("wire").dataset.offline;
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "bad" } }));
}

document.addEventListener("change", (event) => {
  if (event.target.id !== "upload") return;
  attach([...event.target.files]);
  event.target.value = "";
});
document.addEventListener("paste", (event) => {
  if (event.target.id !== "text" || !event.clipboardData.files.length) return;
  event.preventDefault();
  attach([...event.clipboardData.files]);
});
document.addEventListener("dragover", (event) => {
  if (event.target.closest?.(".thread") && event.dataTransfer.types.includes("Files")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!event.target.closest?.(".thread") || !event.dataTransfer.files.length) return;
  event.preventDefault();
  attach([...event.dataTransfer.files]);
});
document.addEventListener("click", (event) => event.target.closest?.("[data-detach]")?.closest("[data-file]").remove());
