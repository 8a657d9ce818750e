/**
 * Makes an element. Text children become text nodes, so what a bot or a member wrote can
 * never turn into markup.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    assign(node, name, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function assign(node, name, value) {
  if (value === null || value === undefined || value === false) {
    return;
  }
  if (typeof value === "function") {
    node.addEventListener(name.slice(2), value);
  } else if (name === "value") {
    node.value = value;
  } else {
    node.setAttribute(name, value === true ? "" : value);
  }
}

export function byId(id) {
  return document.getElementById(id);
}

let made = 0;

/** An id no other element of this page has, for aria-controls, labels and the like. */
export function freshId(prefix) {
  made += 1;
  return `${prefix}-${made}`;
}

/** Only web links may be followed; anything else comes back as null. */
export function webLink(text) {
  const url = URL.parse(String(text));
  return url && (url.protocol === "https:" || url.protocol === "http:") ? url.href : null;
}

const drawings = {
  text: "M9 3 7 21M17 3l-2 18M4 8h17M3 16h17",
  news: "M4 10v4h3l8 5V5L7 10zM18 9a4 4 0 0 1 0 6M7 14l1.5 6",
  thread: "M5 5v8a3 3 0 0 0 3 3h8M13 12l4 4-4 4M10 6h9M10 10h6",
  send: "M4 12 20 4l-5 16-3-7z",
  direct: "M4 4h16v12H9l-5 4z",
  plus: "M12 5v14M5 12h14",
  menu: "M4 7h16M4 12h16M4 17h16",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  reply: "M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6",
  warn: "M12 3 2 20h20zM12 10v4M12 17h.01",
  file: "M6 2h8l4 4v16H6zM14 2v5h4",
};

/** A small drawing in the colour of the text around it; readers by ear aren't told of it. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  const line = document.createElementNS(space, "path");
  for (const [key, value] of [["viewBox", "0 0 24 24"], ["class", "drawing"], ["aria-hidden", "true"]]) {
    drawing.setAttribute(key, value);
  }
  line.setAttribute("d", drawings[name]);
  drawing.append(line);
  return drawing;
}
