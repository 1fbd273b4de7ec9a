// Runs once when the conversation is on the page. `element` is the conversation, `watch` calls back
// after it was drawn anew. Knows nothing of what is in it but turns, marks and quotations.

document.documentElement.lang = navigator.language.toLowerCase().startsWith("de") ? "de" : "en";
element.setAttribute("aria-live", "polite");

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const scroll = (target, block) =>
  target.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block });

const flash = (target) => {
  target.classList.remove("flash");
  void target.offsetWidth; // restarts the animation
  target.classList.add("flash");
};

element.addEventListener("click", (event) => {
  const mark = event.target.closest("a.mark");
  if (!mark) return;
  event.preventDefault();
  const quotation = document.getElementById(mark.hash.slice(1));
  scroll(quotation, "center");
  flash(quotation);
  flash(quotation.closest(".source"));
});

let turns = 0;
watch("value", () => {
  const grown = element.children.length > turns;
  turns = element.children.length;
  if (grown && turns > 1) scroll(element.lastElementChild, "start");
});
