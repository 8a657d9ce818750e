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
