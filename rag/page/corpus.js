// Runs once for each part of the documents' tab (drop area, table, reading view), with `element`,
// `trigger`, `upload` and `watch` given by Gradio.

const SURE_MILLISECONDS = 5000; // how long "Remove?" waits for its second click
const kindOf = (name) => name.slice(name.lastIndexOf(".")).toLowerCase();
const hidden = (name) => name.split("/").some((part) => part.startsWith(".") || part.startsWith("~$"));

let busy = false;
// `chosen` are {file, name}; the server says what is wrong with those that are kept back here.
const send = async (chosen) => {
  const area = element.querySelector(".drop");
  const status = element.querySelector(".sending");
  // A folder brings the system's own hidden files along.
  const lot = chosen.filter(({ name }) => !name.includes("/") || !hidden(name));
  if (busy || !area || !lot.length) return;
  busy = true;
  const { kinds, most, bytes, lot: together } = area.dataset;
  const fits = ({ file, name }) =>
    kinds.split(",").includes(kindOf(name)) && file.size > 0 && file.size <= Number(bytes);
  const total = lot.filter(fits).reduce((sum, { file }) => sum + file.size, 0);
  const all = lot.length <= Number(most) && total <= Number(together);
  const files = [];
  for (const [at, one] of lot.entries()) {
    let path = "";
    if (all && fits(one)) {
      status.textContent = `Sending ${at + 1} of ${lot.length}: ${one.name}`;
      try {
        path = (await upload(one.file)).path;
      } catch {
        path = "";
      }
    }
    files.push({ name: one.name, size: one.file.size, path });
  }
  status.textContent = "";
  busy = false;
  trigger("bring", { files });
};

// Everything in what was dropped, folders with all that is in them.
const dropped = async (transfer) => {
  const found = [];
  const enter = async (entry, above) => {
    if (entry.isFile) {
      const file = await new Promise((done, fail) => entry.file(done, fail));
      found.push({ file, name: above + entry.name });
    } else {
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((done, fail) => reader.readEntries(done, fail));
        if (!some.length) break;
        for (const inner of some) await enter(inner, `${above}${entry.name}/`);
      }
    }
  };
  // Entries can be had only while the drop is handled: take them all before the first wait.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  for (const entry of entries) await enter(entry, "");
  return found;
};

const named = (input) =>
  [...input.files].map((file) => ({ file, name: file.webkitRelativePath || file.name }));

element.addEventListener("dragover", (event) => {
  const area = event.target.closest?.(".drop");
  if (!area) return;
  event.preventDefault();
  area.classList.add("over");
});
element.addEventListener("dragleave", (event) => event.target.closest?.(".drop")?.classList.remove("over"));
element.addEventListener("drop", async (event) => {
  const area = event.target.closest?.(".drop");
  if (!area) return;
  event.preventDefault();
  area.classList.remove("over");
  await send(await dropped(event.dataTransfer));
});
element.addEventListener("change", async (event) => {
  if (event.target.type !== "file") return;
  const chosen = named(event.target);
  event.target.value = ""; // so that the same file can be chosen again
  await send(chosen);
});

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || !element.contains(button)) return;
  const { document: id, start } = button.dataset;
  if (button.matches(".files")) element.querySelector(".of-files").click();
  if (button.matches(".folder")) element.querySelector(".of-folder").click();
  if (button.matches(".open, .turn")) trigger("read", { document: id, start: Number(start ?? 0) });
  if (button.matches(".shut")) trigger("shut", {});
  if (button.matches(".remove")) {
    if (button.classList.contains("sure")) return trigger("discard", { document: id });
    button.classList.add("sure");
    button.textContent = "Remove?";
    setTimeout(() => {
      button.classList.remove("sure");
      button.textContent = "Remove";
    }, SURE_MILLISECONDS);
  }
});

// A document that is opened is in view, and the keyboard is in it; after it, in the list again.
watch("value", () => {
  if (!element.closest("#citable-reading")) return;
  const text = element.querySelector(".source-text");
  if (text) {
    element.scrollIntoView({ block: "start" });
    text.focus({ preventScroll: true });
  } else {
    document.querySelector("#citable-find :is(input, textarea)")?.focus();
  }
});
