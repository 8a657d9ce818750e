import { el, icon, webLink } from "./dom.js";
import { inlineMarkdown, markdown } from "./markdown.js";
import { popup } from "./popup.js";
import { written } from "./time.js";

/** Component types, by Discord's numbers. */
export const types = {
  row: 1, button: 2, strings: 3, input: 4, users: 5, roles: 6, mentionables: 7, channels: 8, section: 9, text: 10,
  thumbnail: 11, gallery: 12, file: 13, separator: 14, container: 17, label: 18, upload: 19, radios: 21, checks: 22, check: 23,
};

/**
 * Draws a list of components. view holds what a message's parts need: names, now, guild,
 * attachments and use(custom_id, values) for whatever is pressed or chosen.
 */
export function components(list, view) {
  return (Array.isArray(list) ? list : []).map((component) => draw(component, view));
}

function draw(component, view) {
  switch (component.type) {
    case types.row:
      return el("div", { class: "row" }, components(component.components, view));
    case types.button:
      return button(component, view);
    case types.strings: case types.users: case types.roles: case types.mentionables: case types.channels:
      return select(component, view);
    case types.section:
      return el("div", { class: "section" },
        el("div", { class: "section-text" }, components(component.components, view)),
        component.accessory ? draw(component.accessory, view) : null);
    case types.text:
      return el("div", { class: "text", dir: "auto" }, markdown(component.content, view.names, view.now));
    case types.thumbnail:
      return el("div", { class: "thumbnail" }, media(component, view));
    case types.gallery:
      return el("div", { class: "gallery", "data-count": component.items?.length ?? 0 }, (component.items ?? []).map((item) => media(item, view)));
    case types.file:
      return component.spoiler ? hidden(fileLink(component.file?.url, component.name, view, component.size)) : fileLink(component.file?.url, component.name, view, component.size);
    case types.separator:
      return el("hr", { class: `separator${component.divider === false ? " clear" : ""}${component.spacing === 2 ? " wide" : ""}` });
    case types.container:
      return container(component, view);
    default:
      return el("p", { class: "subtext" }, `A part of this message (component type ${Number(component.type)}) can't be shown here.`);
  }
}

function container(component, view) {
  const node = el("div", { class: "container" }, components(component.components, view));
  accent(node, component.accent_color);
  return component.spoiler ? hidden(node) : node;
}

/** Colours come from the bot as one number. */
function accent(node, colour) {
  if (Number.isInteger(colour)) {
    node.classList.add("accented");
    node.style.setProperty("--accent-line", `#${colour.toString(16).padStart(6, "0")}`);
  }
}

function hidden(node) {
  return el("details", { class: "hidden-part" }, el("summary", {}, "Spoiler: show"), node);
}

const styles = ["", "primary", "secondary", "success", "danger", "link", "secondary"];
const link = 5;

function button(component, view) {
  const inside = [emoji(component.emoji), component.label ? el("span", {}, component.label) : null];
  if (component.style === link) {
    const href = webLink(component.url);
    return el("a", { class: "button link", href, target: "_blank", rel: "noopener noreferrer", title: href }, inside, el("span", { "aria-hidden": "true" }, " ↗"), el("span", { class: "sr" }, " (opens elsewhere)"));
  }
  return el("button", {
    type: "button", class: `button ${styles[component.style] ?? "secondary"}`, "data-custom-id": component.custom_id,
    disabled: component.disabled, "aria-label": component.label ? null : component.emoji?.name,
    onclick: () => view.use(component.custom_id),
  }, inside);
}

function emoji(given) {
  return given?.name ? el("span", { class: "emoji" }, given.id ? `:${given.name}:` : given.name, " ") : null;
}

function select(component, view) {
  const items = () => selectItems(component, view.guild);
  const chosen = items().filter((item) => item.chosen).map((item) => item.name).join(", ");
  const name = component.placeholder || "Make a selection";
  const node = popup({
    label: chosen || name, name: chosen ? `${name}: ${chosen}` : name, items, disabled: component.disabled,
    least: component.min_values ?? 1, most: component.max_values ?? 1,
    chosen: (values) => view.use(component.custom_id, values),
  });
  node.firstChild.dataset.customId = component.custom_id;
  return node;
}

/** What a select offers: its own options, or members, roles and channels of the server. */
export function selectItems(component, guild) {
  if (component.type === types.strings) {
    return (component.options ?? []).map((option) => ({
      name: `${option.emoji?.name && !option.emoji.id ? `${option.emoji.name} ` : ""}${option.label}`,
      about: option.description, value: option.value, chosen: Boolean(option.default),
    }));
  }
  const defaults = new Set((component.default_values ?? []).map((one) => one.id));
  const made = (list, sign) => list.map((one) => ({ name: sign + one.name.replace(/^@/, ""), value: one.id, chosen: defaults.has(one.id) }));
  const users = () => made(guild.members, "@");
  const roles = () => made(guild.roles, "@");
  switch (component.type) {
    case types.users:
      return users();
    case types.roles:
      return roles();
    case types.mentionables:
      return [...users(), ...roles()];
    default:
      return made(guild.channels.filter((one) => !component.channel_types?.length || component.channel_types.includes(one.type)), "#");
  }
}

function media(item, view) {
  return image(item.media?.url, item.description, view.attachments, item.spoiler);
}

/** A picture of the sandbox's own; one from elsewhere stays a link, for this page asks nobody else. */
export function image(url, description, attachments, spoiler = false) {
  return spoiler ? hidden(picture(url, description, attachments)) : picture(url, description, attachments);
}

function picture(url, description, attachments) {
  const source = ownFile(url, attachments);
  if (!source) {
    const href = webLink(url);
    return href ? el("a", { href, target: "_blank", rel: "noopener noreferrer" }, description || href) : el("span", {}, description || "A picture that isn't there.");
  }
  const open = el("a", { href: source, target: "_blank", class: "picture" }, el("img", { src: source, alt: description || "", ...measured(source, attachments) }));
  const caption = description
    ? el("details", { class: "alt" }, el("summary", {}, "ALT", el("span", { class: "sr" }, ", description of the picture")), el("p", {}, description))
    : el("span", { class: "alt-missing" }, "no description");
  return el("figure", {}, open, caption);
}

/** Keeps a picture's place free while it loads. */
function measured(source, attachments = []) {
  const file = attachments.find((one) => ownFile(one.url) === source);
  return file?.width ? { width: file.width, height: file.height } : {};
}

/** The path of an upload that this very server holds, whatever name of it the address uses. */
function ownFile(url, attachments = []) {
  const name = /^attachment:\/\/(.+)$/.exec(url ?? "")?.[1];
  const address = name ? attachments.find((one) => one.filename === name)?.url : url;
  const parsed = URL.parse(address ?? "", location.href);
  const loopback = ["127.0.0.1", "localhost", "[::1]", location.hostname].includes(parsed?.hostname);
  return loopback && parsed.port === location.port && parsed.pathname.startsWith("/attachments/") ? parsed.pathname : null;
}

/** A link to an upload. */
export function fileLink(url, name, view, size) {
  const source = ownFile(url, view.attachments);
  const shown = name || source?.split("/").at(-1) || "file";
  const bytes = size ?? view.attachments?.find((one) => ownFile(one.url) === source)?.size;
  const inside = [icon("file"), el("span", {}, shown), bytes === undefined ? null : el("span", { class: "soft" }, sized(bytes))];
  return source ? el("a", { class: "file", href: source, download: shown }, inside) : el("span", { class: "file" }, inside);
}

function sized(bytes) {
  const [unit, length] = [["MB", 1e6], ["kB", 1e3], ["bytes", 1]].find(([, step]) => bytes >= step) ?? ["bytes", 1];
  return `${(bytes / length).toFixed(length > 1 ? 1 : 0)} ${unit}`;
}

/** Draws one embed of the older kind. */
export function embed(given, view) {
  const text = (value) => markdown(value, view.names, view.now);
  const href = webLink(given.url);
  const title = given.title && inlineMarkdown(given.title, view.names, view.now);
  const node = el("div", { class: "container embed", dir: "auto" },
    given.thumbnail?.url ? el("div", { class: "thumbnail" }, image(given.thumbnail.url, given.thumbnail.description ?? "", view.attachments)) : null,
    given.author?.name ? el("p", { class: "subtext" }, given.author.name) : null,
    title ? el("p", { class: "embed-title" }, href ? el("a", { href, target: "_blank", rel: "noopener noreferrer" }, title) : title) : null,
    given.description ? el("div", { class: "text" }, text(given.description)) : null,
    given.fields?.length ? el("dl", { class: "fields" }, given.fields.map((field) => el("div", { class: field.inline ? "inline" : null },
      el("dt", {}, inlineMarkdown(field.name, view.names, view.now)), el("dd", {}, text(field.value))))) : null,
    given.image?.url ? image(given.image.url, given.image.description ?? "", view.attachments) : null,
    foot(given));
  accent(node, given.color);
  return node;
}

function foot(given) {
  const at = new Date(given.timestamp ?? NaN);
  const parts = [given.footer?.text, Number.isNaN(at.getTime()) ? "" : written(at, "s")].filter(Boolean);
  return parts.length > 0 ? el("p", { class: "subtext" }, parts.join(" • ")) : null;
}
