// Remembers the name that was typed here last, where the person ticks the box. It stays in the browser.

const box = document.querySelector("[data-remember]");
const field = document.querySelector('[name="uid_field"]');
const key = "weimen.name";

function recall() {
  try {
    return localStorage.getItem(key) || "";
  } catch {
    return null; // the browser keeps nothing
  }
}

const known = box && field && recall();
if (box && field && known !== null) {
  const tick = box.querySelector("input");
  box.hidden = false;
  tick.checked = known !== "";
  if (known && !field.value) {
    field.value = known;
    const password = field.form.elements.password;
    if (password) password.focus();
    else field.select();
  }
  field.form.addEventListener("submit", () => {
    if (tick.checked) localStorage.setItem(key, field.value.trim());
    else localStorage.removeItem(key);
  });
}
