// Runs once for the form of the tab that measures, with `element`, `trigger` and `upload` given by
// Gradio.

element.addEventListener("click", async (event) => {
  const button = event.target.closest(".measure");
  if (!button) return;
  const count = Number(element.querySelector(".count").value);
  const file = element.querySelector(".set").files[0];
  button.disabled = true;
  let path = "";
  try {
    if (file) path = (await upload(file)).path;
  } catch {
    path = ""; // the server says that it has not come
  }
  button.disabled = false;
  trigger("measure", { count, path, name: file?.name ?? "" });
});
