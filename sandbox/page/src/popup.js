import { el, freshId } from "./dom.js";
import { Listbox } from "./listbox.js";

/**
 * A button that opens a list to choose from with arrow keys, letters and Enter. items() is
 * asked each time it opens; chosen gets the values, one unless most is greater.
 */
export function popup({ label, name, items, chosen, disabled = false, least = 1, most = 1, kind = "select" }) {
  const list = el("ul", { role: "listbox", id: freshId("list"), class: "popup-list", hidden: true, "aria-label": name });
  const button = el("button", {
    type: "button", role: "combobox", class: kind, "aria-haspopup": "listbox", "aria-expanded": "false",
    "aria-controls": list.id, "aria-label": name, disabled,
  }, el("span", { class: "clip" }, label), kind === "select" ? el("span", { class: "caret", "aria-hidden": "true" }) : null);
  const box = new Listbox(list);
  if (most > 1) {
    list.setAttribute("aria-multiselectable", "true");
  }
  const marked = new Set();
  const toggle = () => (box.open ? box.close() : open());
  const open = () => {
    marked.clear();
    items().filter((item) => item.chosen).forEach((item) => marked.add(item.value));
    draw(0);
  };
  const draw = (at) => {
    box.show(button, rows(), false);
    box.activate(Math.min(at, box.items.length - 1));
    list.scrollIntoView({ block: "nearest" });
  };
  const one = () => [
    ...items().map((item) => ({ ...item, pick: () => finish([item.value]) })),
    ...(least === 0 && marked.size > 0 ? [{ name: "Choose nothing", pick: () => finish([]) }] : []),
  ];
  const rows = () => (most > 1 ? many() : one());
  const many = () => [
    ...items().map((item, at) => ({
      ...item, name: `${marked.has(item.value) ? "☑" : "☐"} ${item.name}`, chosen: marked.has(item.value), pick: () => mark(item.value, at),
    })),
    {
      name: `Done (${marked.size} chosen)`, about: marked.size < least ? `choose at least ${least}` : `of ${most} at most`,
      pick: () => marked.size >= least && finish([...marked]),
    },
  ];
  const mark = (value, at) => {
    if (!marked.delete(value) && marked.size < most) {
      marked.add(value);
    }
    draw(at);
  };
  const finish = (values) => {
    box.close();
    chosen(values);
  };
  button.addEventListener("click", toggle);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the button keeps the focus
  button.addEventListener("blur", () => box.close());
  button.addEventListener("keydown", (event) => keys(event, box, open));
  return el("span", { class: "popup" }, button, list);
}

function keys(event, box, open) {
  if (!box.open) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      open();
    }
    return;
  }
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (steps[event.key]) {
    box.move(steps[event.key]);
  } else if (event.key === "Enter" || event.key === " ") {
    box.pick();
  } else if (event.key === "Escape") {
    box.close();
  } else if (event.key === "Home" || event.key === "End") {
    box.activate(event.key === "Home" ? 0 : box.items.length - 1);
  } else if (event.key.length === 1) {
    seek(box, event.key);
  } else {
    return;
  }
  event.preventDefault();
}

function seek(box, letter) {
  const order = [...box.items.keys()].map((at) => (box.active + 1 + at) % box.items.length);
  const found = order.find((at) => box.items[at].name.toLowerCase().startsWith(letter.toLowerCase()));
  if (found !== undefined) {
    box.activate(found);
  }
}
