// Plays a persona's sample; the first press has it spoken, later ones only play it again.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-sample]");
  if (!button) return;
  const said = button.parentElement.querySelector("[data-sample-status]");
  const audio = button.parentElement.querySelector("audio");
  said.textContent = "speaking…";
  if (!audio.getAttribute("src")) audio.src = button.dataset.sample;
  try {
    audio.hidden = false;
    audio.currentTime = 0;
    await audio.play();
    said.textContent = "";
  } catch {
    audio.removeAttribute("src");
    audio.hidden = true;
    said.textContent = "The sample could not be spoken. Is the voice provider set up, and does the voice exist?";
  }
});
