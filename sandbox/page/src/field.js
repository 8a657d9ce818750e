import { encodeFile, kinds, localised, offered, valueOf } from "./commands.js";
import { el, freshId } from "./dom.js";

/** One option of the command being written: a label and an input, in one chip. */
export class Field {
  constructor(option, locale, remove) {
    this.option = option;
    this.picked = null;
    const id = freshId("option-field");
    const name = localised(option, "name", locale);
    this.name = name;
    this.about = localised(option, "description", locale);
    this.input = option.type === kinds.attachment ? el("input", { type: "file", id }) : el("input", {
      type: "text", id, role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-required": String(Boolean(option.required)),
      maxlength: option.max_length ?? 6000, autocomplete: "off", spellcheck: "false",
      inputmode: option.type === kinds.whole || option.type === kinds.number ? "decimal" : null,
    });
    this.input.setAttribute("aria-description", this.about);
    this.input.dataset.option = option.name;
    this.node = el("span", { class: "chip" },
      el("label", { for: id }, name, option.required ? el("span", { class: "needed", "aria-hidden": "true" }, "*") : null),
      this.input,
      option.required ? null : el("button", { type: "button", class: "remove", "aria-label": `Remove ${name}`, onclick: () => remove(this) }, "×"));
    this.fit();
  }

  get text() {
    return this.input.type === "file" ? "" : this.input.value;
  }

  get empty() {
    return this.input.type === "file" ? this.input.files.length === 0 : this.input.value === "";
  }

  /** Takes a choice: the input shows its name, the command gets its value. */
  take(choice) {
    this.picked = { text: choice.name, value: choice.value };
    this.input.value = choice.name;
    this.fit();
  }

  /** Takes back what a draft or a pasted line held. A file can't be had back. */
  restore({ text, picked }) {
    if (this.input.type !== "file") {
      this.input.value = text ?? "";
      this.picked = picked ?? null;
      this.fit();
    }
  }

  /** Marks the field as what keeps the command from being sent. */
  complain(wrong) {
    this.input.toggleAttribute("aria-invalid", wrong);
    if (wrong) {
      this.input.setAttribute("aria-invalid", "true");
    }
    this.node.classList.toggle("wrong", wrong);
  }

  fit() {
    if (this.input.type !== "file") {
      this.input.style.setProperty("width", `${Math.min(Math.max(this.input.value.length + 2, 8), 40)}ch`);
    }
  }

  /** The option's value, or a problem in words. */
  async read(guild, locale) {
    if (this.input.type === "file") {
      return { value: await encodeFile(this.input.files[0]) };
    }
    if (this.picked?.text === this.text) {
      return { value: this.picked.value };
    }
    const list = offered(this.option, guild, locale);
    if (!list) {
      return valueOf(this.option, this.text);
    }
    const same = (one) => one.name.replace(/^[@#]/, "").toLowerCase() === this.text.trim().replace(/^[@#]/, "").toLowerCase();
    const found = list.find(same);
    return found ? { value: found.value } : { problem: `${this.option.name}: choose one from the list.` };
  }
}
