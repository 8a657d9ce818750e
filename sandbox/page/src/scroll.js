/**
 * Keeps whoever reads the newest message there when pictures load or messages arrive, and
 * offers the way back to whoever doesn't. changed(toEnd) is called after each drawing.
 */
export function follow(scroll, content, jump) {
  let atEnd = true;
  const toEnd = () => {
    scroll.scrollTop = scroll.scrollHeight;
    jump.hidden = true;
  };
  const keep = () => atEnd && toEnd();
  scroll.addEventListener("scroll", () => {
    atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
    jump.hidden = atEnd;
  });
  jump.addEventListener("click", () => {
    atEnd = true;
    toEnd();
    scroll.focus();
  });
  const watch = new ResizeObserver(keep);
  watch.observe(content);
  watch.observe(scroll);
  return {
    changed(end) {
      atEnd ||= end;
      keep();
    },
  };
}
