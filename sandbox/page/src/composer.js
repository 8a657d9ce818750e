import { Attachments } from "./attach.js";
import { byId, el } from "./dom.js";
import { Field } from "./field.js";
import { drafts } from "./kept.js";
import { readLine } from "./line.js";
import { Suggestions } from "./suggest.js";

/**
 * The box at the bottom. desk answers what it may offer and does what is sent: entries(),
 * guild(), locale(), run(path, options), complete(path, options, focused), say(text, files).
 * run and say resolve to null, or to words that say what went wrong: then what was written
 * stays. It is kept for each place, so that neither a look elsewhere nor a reload loses it.
 */
export class Composer {
  constructor(desk) {
    this.desk = desk;
    this.form = byId("composer");
    this.entry = byId("entry");
    this.chosen = byId("chosen");
    this.suggestions = new Suggestions(this, byId("suggestions"));
    this.box = this.suggestions.box;
    this.command = null;
    this.fields = [];
    this.place = "";
    this.files = new Attachments(this.form, () => this.complain(""));
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.form.addEventListener("input", (event) => this.typed(event.target));
    this.form.addEventListener("focusin", (event) => this.focused(event.target));
    this.form.addEventListener("focusout", (event) => this.form.contains(event.relatedTarget) || this.box.close());
    this.form.addEventListener("keydown", (event) => this.key(event));
    this.entry.addEventListener("paste", (event) => this.pasted(event));
  }

  /** Goes to a place and its draft. What can't be restored yet is tried again the next time. */
  open(place, channel) {
    this.describe(channel);
    if (place !== this.place) {
      this.place = "";
      this.clear();
      this.place = place;
    }
    const draft = !this.command && this.entry.value === "" && drafts.read(`draft.${place}`, null);
    if (draft) {
      this.restore(draft);
    }
  }

  /** Draws the options anew, in another language. */
  spoken() {
    const { place } = this;
    this.place = "";
    this.clear();
    this.place = place;
  }

  keep() {
    if (this.place === "") {
      return;
    }
    const fields = this.fields.map((field) => ({ name: field.option.name, text: field.text, picked: field.picked }));
    const empty = !this.command && this.entry.value === "";
    drafts.write(`draft.${this.place}`, empty ? null : { path: this.command?.path, text: this.entry.value, fields });
  }

  restore({ path, text, fields }) {
    const entry = path && this.desk.entries().find((one) => one.path === path);
    if (path && !entry) {
      return; // not there for this member, or not yet
    }
    const focus = document.activeElement;
    if (entry) {
      this.begin(entry);
      fields.forEach((one) => {
        const option = entry.options.find((other) => other.name === one.name);
        if (option) {
          (this.fields.find((field) => field.option === option) ?? this.put(option)).restore(one);
        }
      });
    }
    this.entry.value = text ?? "";
    this.keep();
    if (document.activeElement !== focus) {
      focus?.focus();
    }
  }

  /** A whole line pasted into the empty box becomes a command with its options. */
  pasted(event) {
    const line = this.command || this.entry.value !== "" ? null : readLine(event.clipboardData.getData("text").trim(), this.desk.entries(), this.desk.locale());
    if (line) {
      event.preventDefault();
      this.fill(line);
    }
  }

  fill({ entry, values, rest }) {
    this.choose(entry);
    for (const { option, text } of values) {
      const field = this.fields.find((one) => one.option === option) ?? this.put(option);
      field.restore({ text });
    }
    const first = this.fields.find((field) => field.option.required && field.empty);
    if (first && rest !== "") {
      first.restore({ text: rest });
    }
    const next = this.fields.find((field) => field.option.required && field.empty)?.input ?? this.entry;
    next.focus();
    this.focused(next);
    this.keep();
  }

  /** Puts a command in the box by its path, as if it had been chosen; false where there is none. */
  start(path) {
    const entry = this.desk.entries().find((one) => one.path === path);
    if (entry) {
      this.choose(entry);
    }
    return Boolean(entry);
  }

  fieldOf(input) {
    return this.fields.find((field) => field.input === input);
  }

  focused(target) {
    const field = this.fieldOf(target);
    this.explain(field);
    if (field) {
      this.suggestions.forField(field);
    } else if (target === this.entry) {
      this.suggestions.suggest();
    } else {
      this.box.close();
    }
  }

  /** Says what the field is for, or how the keys work. */
  explain(field) {
    byId("about").textContent = field ? `${field.name}: ${field.about}` : "Arrow keys choose, Tab or Enter takes, Enter sends, Escape steps back.";
  }

  typed(target) {
    this.complain("");
    const field = this.fieldOf(target);
    field?.fit();
    this.focused(target);
    this.keep();
  }

  choose(entry) {
    this.begin(entry);
    (this.fields[0]?.input ?? this.entry).focus();
    this.focused(document.activeElement);
    this.keep();
  }

  begin(entry) {
    this.clear();
    this.command = entry;
    this.chosen.append(el("button", {
      type: "button", class: "pill", "aria-label": `Command ${entry.shown}: ${entry.about}. Press to remove it.`, onclick: () => this.leave(),
    }, `/${entry.shown}`));
    entry.options.filter((option) => option.required).forEach((option) => this.put(option));
    this.form.classList.add("commanding");
    this.entry.setAttribute("aria-label", `More options for /${entry.shown}, or Enter to send`);
    this.entry.placeholder = this.fields.length < entry.options.length ? "more options, or Enter to send" : "Enter to send";
  }

  put(option) {
    const field = new Field(option, this.desk.locale(), (one) => this.drop(one));
    this.fields.push(field);
    this.chosen.append(field.node);
    return field;
  }

  add(option, text) {
    const field = this.put(option);
    this.entry.value = "";
    if (text !== "") {
      field.input.value = text;
      field.fit();
    }
    field.input.focus();
    this.focused(field.input);
    this.keep();
  }

  drop(field) {
    this.fields = this.fields.filter((one) => one !== field);
    field.node.remove();
    this.entry.focus();
    this.focused(this.entry);
    this.keep();
  }

  take(field, choice) {
    field.take(choice);
    this.suggestions.forget();
    const next = this.fields.find((one) => one.option.required && one.empty)?.input ?? this.entry;
    next.focus();
    this.focused(next);
    this.keep();
  }

  key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    const ends = { Home: 0, End: -1 };
    if (event.isComposing || !event.target.matches("input")) {
      return;
    }
    if (steps[event.key] && this.box.open) {
      this.box.move(steps[event.key]);
      event.preventDefault();
    } else if (ends[event.key] !== undefined && this.box.open && this.box.walked) {
      this.box.jump(ends[event.key]);
      event.preventDefault();
    } else if ((event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) && this.box.open && this.box.pick()) {
      event.preventDefault();
    } else if (event.key === "Escape") {
      this.back(event);
    } else if (event.key === "Backspace" && this.command && event.target.value === "") {
      this.erase(event);
    }
  }

  back(event) {
    event.preventDefault();
    if (this.box.open) {
      this.box.close();
    } else if (this.command) {
      this.leave();
    }
  }

  /** Backspace in an empty input takes away what stands before it. */
  erase(event) {
    const at = event.target === this.entry ? this.fields.length - 1 : this.fields.indexOf(this.fieldOf(event.target));
    const field = this.fields[at];
    event.preventDefault();
    if (event.target === this.entry && field) {
      field.input.focus();
    } else if (field && !field.option.required) {
      this.drop(field);
    } else {
      this.leave();
    }
  }

  leave() {
    this.clear();
    this.entry.focus();
  }

  clear() {
    this.suggestions.forget();
    this.command = null;
    this.fields = [];
    this.chosen.replaceChildren();
    this.entry.value = "";
    this.form.classList.remove("commanding");
    this.entry.setAttribute("aria-label", "Message or command");
    this.box.close();
    this.complain("");
    this.explain();
    this.describe();
    this.keep();
  }

  /** Names the channel in the empty box. */
  describe(channel = this.channel) {
    this.channel = channel;
    if (!this.command) {
      this.entry.placeholder = channel ? `Message ${channel}, or type /` : "";
    }
  }

  complain(words) {
    this.fields.forEach((field) => words === "" && field.complain(false));
    byId("problem").textContent = words;
  }

  async submit(event) {
    event.preventDefault();
    if (this.form.hasAttribute("aria-busy")) {
      return;
    }
    this.box.close();
    this.complain("");
    this.busy(true);
    try {
      const words = this.command ? await this.send() : await this.say();
      this.complain(words ?? "");
    } catch (fault) {
      this.complain(fault.message);
    } finally {
      this.busy(false);
    }
  }

  async say() {
    const text = this.entry.value.trim();
    if (text.startsWith("/") && this.files.files.length === 0) {
      const line = readLine(text, this.desk.entries(), this.desk.locale());
      if (!line) {
        return "That isn't a command here. Choose one from the list, or take the slash away to write a message.";
      }
      this.fill(line);
      return this.send();
    }
    if (text === "" && this.files.files.length === 0) {
      return null;
    }
    const words = await this.desk.say(text, await this.files.read());
    if (words === null) {
      this.entry.value = "";
      this.files.clear();
      this.keep();
    }
    return words;
  }

  async send() {
    const missing = this.fields.find((field) => field.option.required && field.empty);
    if (missing) {
      missing.input.focus();
      missing.complain(true);
      return `${missing.option.name} is needed: ${missing.option.description}. This option is required.`;
    }
    const options = {};
    for (const field of this.fields.filter((one) => !one.empty)) {
      const { value, problem } = await field.read(this.desk.guild(), this.desk.locale());
      if (problem) {
        field.input.focus();
        field.complain(true);
        return problem;
      }
      options[field.option.name] = value;
    }
    const words = await this.desk.run(this.command.path, options);
    if (words === null) {
      this.clear();
    }
    return words;
  }

  busy(on) {
    this.form.toggleAttribute("aria-busy", on);
    byId("send").disabled = on;
    byId("status").textContent = on && this.command ? "Waiting for the bot…" : "";
  }
}
