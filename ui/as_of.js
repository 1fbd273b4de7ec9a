// Runs once when the date field is on the page. `element` holds it, `props.value` is what the server
// gets: a day in ISO 8601, nothing, or "?" for what the browser cannot read and does not tell.

const field = element.querySelector("input");
const tell = () => {
  props.value = field.validity.badInput ? "?" : field.value;
};
element.addEventListener("input", tell);
element.addEventListener("focusout", tell); // a date begun in an empty field is no input yet

// The field follows the calendar of whoever reads, in a tab left open overnight as well, until
// another day is chosen.
let today = "";
const follow = () => {
  if (field.value !== today || field.validity.badInput) return;
  field.value = today = new Date().toLocaleDateString("sv"); // Swedes write ISO 8601
  tell();
};
follow();
setInterval(follow, 60_000);
