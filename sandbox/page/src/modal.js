import { selectItems, types } from "./components.js";
import { encodeFile } from "./commands.js";
import { byId, el, freshId } from "./dom.js";
import { markdown } from "./markdown.js";

/**
 * Shows a modal. send(fields) submits it and resolves to null, or to words that say what is
 * wrong: then the form stays as it was. keep gets what stands in it after each change, and
 * null when it is closed; values are what it was given before a reload.
 */
export function showModal(modal, view, { send, keep, values }) {
  const dialog = byId("modal");
  const opener = document.activeElement;
  const readers = new Map();
  const problem = el("p", { class: "problem", role: "alert" });
  const submit = el("button", { type: "submit", class: "button primary" }, "Submit");
  const heading = el("h2", { id: freshId("title"), dir: "auto" }, modal.title ?? "");
  const form = el("form", { "aria-labelledby": heading.id, onsubmit: (event) => submitted(event, { dialog, readers, problem, submit, send }) },
    heading,
    (modal.components ?? []).map((component) => part(component, view, readers)),
    problem,
    el("div", { class: "row end" },
      el("button", { type: "button", class: "button secondary", onclick: () => dialog.close() }, "Cancel"), submit));
  dialog.setAttribute("aria-labelledby", heading.id);
  dialog.replaceChildren(form);
  dialog.addEventListener("close", () => {
    keep(null);
    (opener?.isConnected && opener !== document.body ? opener : byId("entry")).focus();
  }, { once: true });
  put(form, values);
  keep(values ?? read(form));
  form.addEventListener("input", () => keep(read(form)));
  dialog.showModal();
  form.querySelector("input, textarea, select")?.focus();
}

function controls(form) {
  return [...form.querySelectorAll("input:not([type=file]), textarea, select")];
}

const marked = (control) => control.type === "checkbox" || control.type === "radio";

/** What stands in the form, by the order of its controls. */
function read(form) {
  return controls(form).map((control) => (marked(control) ? control.checked : control.value));
}

function put(form, values) {
  controls(form).forEach((control, at) => {
    if (values?.[at] !== undefined) {
      control[marked(control) ? "checked" : "value"] = values[at];
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}

async function submitted(event, { dialog, readers, problem, submit, send }) {
  event.preventDefault();
  problem.textContent = "";
  submit.disabled = true;
  submit.textContent = "Sending…";
  try {
    const fields = {};
    for (const [id, read] of readers) {
      fields[id] = await read();
    }
    const words = await send(fields);
    if (words === null) {
      dialog.close();
    } else {
      problem.textContent = words;
    }
  } catch (fault) {
    problem.textContent = fault.message;
  } finally {
    submit.disabled = false;
    submit.textContent = "Submit";
  }
}

function part(component, view, readers) {
  switch (component.type) {
    case types.text:
      return el("div", { class: "text", dir: "auto" }, markdown(component.content, view.names, view.now));
    case types.row:
      return (component.components ?? []).map((inner) => field(inner, inner.label ?? "", "", view, readers));
    case types.label:
      return field(component.component ?? {}, component.label, component.description, view, readers);
    default:
      return el("p", { class: "subtext" }, `A field of type ${Number(component.type)} can't be shown here.`);
  }
}

function field(component, label, about, view, readers) {
  const control = input(component, view, freshId("field"));
  readers.set(component.custom_id, control.read);
  const optional = component.required === false || component.type === types.check;
  const words = [label, optional ? el("span", { class: "optional" }, " optional") : el("span", { class: "needed", "aria-hidden": "true" }, " *")];
  const hint = about ? el("span", { class: "hint", id: freshId("hint") }, about) : null;
  const target = control.node.matches("input, textarea, select") ? control.node : null;
  if (!target) {
    return el("fieldset", { class: "field", "aria-describedby": hint?.id }, el("legend", {}, words), hint, control.node);
  }
  if (hint) {
    target.setAttribute("aria-describedby", hint.id);
  }
  return el("div", { class: "field" }, el("label", { for: target.id }, words), hint, target, counter(component, target));
}

function input(component, view, id) {
  switch (component.type) {
    case types.input:
      return textInput(component, id);
    case types.upload:
      return upload(component, id);
    case types.check: {
      const node = el("input", { type: "checkbox", id, checked: component.default });
      return { node, read: () => node.checked };
    }
    case types.radios:
      return group(component, component.options, "radio", id);
    case types.checks:
      return group(component, component.options, "checkbox", id);
    default:
      return select(component, selectItems(component, view.guild), id);
  }
}

function textInput(component, id) {
  const common = {
    id, name: component.custom_id, placeholder: component.placeholder, maxlength: component.max_length ?? 4000,
    minlength: component.min_length || null, required: component.required !== false, value: component.value ?? "", autocomplete: "off",
  };
  const node = component.style === 2 ? el("textarea", { rows: 4, ...common }) : el("input", { type: "text", ...common });
  return { node, read: () => node.value };
}

/** How much of a text's length is used, and how much it needs. */
function counter(component, target) {
  if (component.type !== types.input || !component.max_length) {
    return null;
  }
  const least = component.min_length ? `at least ${component.min_length} · ` : "";
  const node = el("span", { class: "count", "aria-hidden": "true" });
  const count = () => {
    node.textContent = `${least}${target.value.length} / ${component.max_length}`;
  };
  target.addEventListener("input", count);
  count();
  return node;
}

function upload(component, id) {
  const node = el("input", { type: "file", id, multiple: (component.max_values ?? 1) > 1, required: component.required !== false });
  return { node, read: () => Promise.all([...node.files].map(encodeFile)) };
}

function select(component, items, id) {
  if ((component.max_values ?? 1) > 1) {
    return group(component, items.map((item) => ({ label: item.name, description: item.about, value: item.value, default: item.chosen })), "checkbox", id);
  }
  const required = component.required !== false;
  const node = el("select", { id, name: component.custom_id, required },
    el("option", { value: "" }, component.placeholder || (required ? "Choose one" : "None")),
    items.map((item) => el("option", { value: item.value, selected: item.chosen }, item.about ? `${item.name} (${item.about})` : item.name)));
  return { node, read: () => (node.value === "" ? [] : [node.value]) };
}

function group(component, options, type, id) {
  const list = options ?? [];
  const most = type === "radio" ? 1 : (component.max_values ?? list.length);
  const node = el("div", { class: "choices" }, most > 1 && most < list.length ? el("span", { class: "hint" }, `Choose ${most} at most`) : null,
    list.map((option) => el("label", { class: "choice" },
      el("input", { type, name: id, value: option.value, checked: option.default, required: type === "radio" && component.required !== false }),
      el("span", {}, option.label, option.description ? el("span", { class: "hint" }, option.description) : null))));
  const values = () => [...node.querySelectorAll("input:checked")].map((one) => one.value);
  const bound = () => {
    const full = type === "checkbox" && values().length >= most;
    node.querySelectorAll("input").forEach((one) => { one.disabled = full && !one.checked; });
  };
  node.addEventListener("input", bound);
  bound();
  return { node, read: () => (type === "radio" ? (values()[0] ?? null) : values()) };
}
