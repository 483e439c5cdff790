// Runs once for each part of the page (examples, conversation, answer, source), with `element`, `trigger` and
// `watch` given by Gradio. The parts talk to each other by events of the window.

const MARGIN = 16; // pixels between the source and the edge of the window
const narrow = window.matchMedia("(max-width: 900px)");
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const scrollTo = (target) =>
  target.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block: "start" });

// The text to copy is the one that the first link beside the button saves.
const copyAnswer = async (button) => {
  const data = button.parentElement.querySelector(".save").href.split(",")[1];
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  const text = new TextDecoder().decode(bytes);
  button.textContent = (await copied(text)) ? "Copied" : "Save it instead";
  setTimeout(() => (button.textContent = "Copy"), 2000);
};

// Browsers give the clipboard to this machine's own pages only, and to pages served over HTTPS; a
// page that is served to other machines has the older way.
const copied = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const held = document.createElement("textarea");
    held.value = text;
    document.body.append(held);
    held.select();
    const done = document.execCommand("copy");
    held.remove();
    return done;
  }
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || !element.contains(button)) return;
  if (button.matches(".example, .earlier")) {
    trigger("choose", { question: button.textContent });
  }
  if (button.classList.contains("renew")) {
    trigger("renew", {});
    document.querySelector("#citable-question :is(input, textarea)")?.focus();
  }
  if (button.classList.contains("copy")) copyAnswer(button);
  if (button.dataset.place !== undefined) {
    // A place that is open already does not change the source, so it is told to show itself.
    window.dispatchEvent(new CustomEvent("citable:reveal"));
    trigger("cite", { place: Number(button.dataset.place) });
  }
  if (button.classList.contains("back")) {
    scrollTo(document.getElementById("citable-answer"));
  }
});

// The source part: bring the quote into view, and on a phone bring the source itself into view
// once it was asked for by a click (a new answer must not scroll itself away).
let clicked = false;
// The source ends at the bottom of the window, wherever it begins: a quote that is in view in the
// pane is then in view on the screen. `style.css` uses the height.
const fit = () => {
  const above = Math.max(MARGIN, element.getBoundingClientRect().top);
  element.style.setProperty("--room", `${window.innerHeight - above - MARGIN}px`);
};
window.addEventListener("scroll", fit, { passive: true });
window.addEventListener("resize", fit);

const showQuote = () => {
  fit();
  const pane = element.querySelector(".source-text");
  const quote = element.querySelector("#citable-quote");
  if (!pane || !quote) return;
  const box = pane.getBoundingClientRect();
  const mark = quote.getBoundingClientRect();
  // A third of the pane stands above the quote, less where the quote is long.
  const above = Math.max(16, Math.min(box.height / 3, box.height - mark.height - 16));
  pane.scrollTop += mark.top - box.top - above;
  if (clicked && narrow.matches) scrollTo(element.querySelector(".source"));
};

window.addEventListener("citable:reveal", () => {
  clicked = true;
  showQuote();
});
watch("value", () => {
  showQuote();
  if (!element.querySelector("#citable-quote")) clicked = false;
});
