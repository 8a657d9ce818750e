import { el, freshId } from "./dom.js";

/**
 * A list of suggestions below one or more inputs, in the combobox pattern: the focus stays
 * in the input, aria-activedescendant tells which option is meant.
 */
export class Listbox {
  constructor(root) {
    this.root = root;
    this.items = [];
    this.active = -1;
    this.owner = null;
    /** Whether arrow keys are in use, so that Home and End mean the list and not the text. */
    this.walked = false;
    root.addEventListener("mousedown", (event) => event.preventDefault());
  }

  get open() {
    return !this.root.hidden;
  }

  /** Shows items ({name, about?, pick}) for an input; the first is active where eager. */
  show(owner, items, eager, empty = "") {
    this.close();
    if (items.length === 0 && empty === "") {
      return;
    }
    this.owner = owner;
    this.items = items;
    const rows = items.map((item) => this.row(item));
    this.root.replaceChildren(...(rows.length > 0 ? rows : [el("li", { class: "none", role: "option", "aria-disabled": "true" }, empty)]));
    this.root.hidden = false;
    owner.setAttribute("aria-expanded", "true");
    owner.setAttribute("aria-controls", this.root.id);
    this.activate(eager && items.length > 0 ? 0 : -1);
    this.walked = false;
  }

  row(item) {
    return el("li", {
      role: "option", id: freshId("option"), "aria-selected": "false", class: item.chosen ? "chosen" : null,
      onclick: () => item.pick(),
    }, el("span", { class: "name" }, item.name), item.about ? el("span", { class: "about" }, item.about) : null);
  }

  close() {
    this.root.hidden = true;
    this.root.replaceChildren();
    this.items = [];
    this.active = -1;
    this.owner?.setAttribute("aria-expanded", "false");
    this.owner?.removeAttribute("aria-activedescendant");
    this.owner = null;
  }

  move(step) {
    const count = this.items.length;
    if (count > 0) {
      this.walked = true;
      this.activate(this.active < 0 ? (step > 0 ? 0 : count - 1) : (this.active + step + count) % count);
    }
  }

  /** Goes to an option counted from the start, or with -1 to the last. */
  jump(index) {
    this.activate(index < 0 ? this.items.length - 1 : index);
  }

  activate(index) {
    this.active = index;
    [...this.root.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === index)));
    const row = this.root.children[index];
    if (row) {
      this.owner.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    } else {
      this.owner.removeAttribute("aria-activedescendant");
    }
  }

  /** Picks the active option; false where none is. */
  pick() {
    const item = this.items[this.active];
    item?.pick();
    return Boolean(item);
  }
}
