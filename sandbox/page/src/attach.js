import { encodeFile } from "./commands.js";
import { byId, el, icon } from "./dom.js";

const most = 10;

/** The files of a message being written: by button, pasted or dropped. changed() follows each change. */
export class Attachments {
  constructor(form, changed) {
    this.files = [];
    this.changed = changed;
    this.button = byId("attach");
    this.input = byId("attach-file");
    this.list = byId("attached");
    this.button.append(icon("plus"));
    this.button.addEventListener("click", () => this.input.click());
    this.input.addEventListener("change", () => {
      this.add(this.input.files);
      this.input.value = "";
    });
    form.addEventListener("dragover", (event) => event.preventDefault());
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      this.add(event.dataTransfer.files);
    });
    form.addEventListener("paste", (event) => event.clipboardData.files.length > 0 && this.add(event.clipboardData.files));
  }

  add(files) {
    this.files = [...this.files, ...files].slice(0, most);
    this.draw();
  }

  remove(file) {
    this.files = this.files.filter((one) => one !== file);
    this.draw();
    this.button.focus();
  }

  clear() {
    this.files = [];
    this.draw();
  }

  draw() {
    this.list.replaceChildren(...this.files.map((file) => el("li", {}, icon("file"), el("span", { class: "clip" }, file.name),
      el("button", { type: "button", class: "remove", "aria-label": `Remove ${file.name}`, onclick: () => this.remove(file) }, "×"))));
    this.list.hidden = this.files.length === 0;
    this.changed();
  }

  read() {
    return Promise.all(this.files.map(encodeFile));
  }
}
