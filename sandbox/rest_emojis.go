package sandbox

import (
	"encoding/base64"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

func emojiRoutes() []*route {
	const all = "/applications/{application.id}/emojis"
	const one = all + "/{emoji.id}"
	return []*route{
		{method: "GET", path: all, serve: owned(listEmojis)},
		{method: "POST", path: all, serve: owned(createEmoji)},
		{method: "GET", path: one, serve: owned(getEmoji)},
		{method: "PATCH", path: one, serve: owned(patchEmoji)},
		{method: "DELETE", path: one, serve: owned(deleteEmoji)},
	}
}

const (
	maxEmojis     = 2000
	maxEmojiBytes = 256 << 10
)

// emoji is one of the application's own; its picture is an upload.
type emoji struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Animated bool   `json:"animated,omitempty"`
}

// owned checks that the application of the path is the bot's.
func owned(serve func(*call) (reply, error)) func(*call) (reply, error) {
	return scoped(func(c *call, _ string) (reply, error) { return serve(c) })
}

func (c *call) emojiObject(e emoji) map[string]any {
	return map[string]any{
		"id": e.ID, "name": e.Name, "roles": []any{}, "user": c.state.userObject(c.state.install.ID), "require_colons": true,
		"managed": false, "animated": e.Animated, "available": true,
	}
}

func listEmojis(c *call) (reply, error) {
	list := []any{}
	for _, e := range c.state.emojis {
		list = append(list, c.emojiObject(e))
	}
	return ok(map[string]any{"items": list}), nil
}

// emojiPlace is where the emoji of the path stands.
func (c *call) emojiPlace() (int, error) {
	i := slices.IndexFunc(c.state.emojis, func(e emoji) bool { return e.ID == c.id("emoji") })
	if i < 0 {
		return 0, refuse(10014)
	}
	return i, nil
}

func getEmoji(c *call) (reply, error) {
	i, err := c.emojiPlace()
	if err != nil {
		return reply{}, err
	}
	return ok(c.emojiObject(c.state.emojis[i])), nil
}

var emojiPattern = regexp.MustCompile(`^\w*$`)

// emojiName is the name of a new emoji, or of the one with that id: no two have the same.
func (c *call) emojiName(id string) field {
	return field{name: "name", kind: textValue, min: 2, max: 32, need: true, each: func(at *spot, v any) {
		if !emojiPattern.MatchString(textOf(v)) {
			at.fail("STRING_TYPE_REGEX", "String value did not match validation regex.")
		}
		if slices.ContainsFunc(c.state.emojis, func(e emoji) bool { return e.ID != id && e.Name == v }) {
			at.fail("APPLICATION_EMOJI_NAME_ALREADY_TAKEN", "Another emoji of this application has that name.")
		}
	}}
}

func createEmoji(c *call) (reply, error) {
	root := &spot{}
	body := judge(root, c.object(), []field{c.emojiName(""), {name: "image", kind: textValue, need: true}})
	var picture []byte
	if root.at("image").clean() {
		picture = judgePicture(root.at("image"), textOf(body["image"]))
	}
	if err := root.err(); err != nil {
		return reply{}, err
	}
	if len(c.state.emojis) >= maxEmojis {
		return reply{}, refuse(30008)
	}
	e := emoji{ID: c.ids.next(), Name: textOf(body["name"]), Animated: http.DetectContentType(picture) == "image/gif"}
	key := blobKey(c.state.install.ID, e.ID, "emoji.png")
	if err := c.blobs.put(key, picture); err != nil {
		return reply{}, err
	}
	if err := c.putEmojis(append(slices.Clone(c.state.emojis), e)); err != nil {
		return reply{}, err
	}
	return reply{http.StatusCreated, c.emojiObject(e)}, nil
}

func (c *call) putEmojis(list []emoji) error { return c.commit(change{Emojis: &list}) }

// judgePicture reads a data URI of a picture.
func judgePicture(at *spot, uri string) []byte {
	kind, encoded, found := strings.Cut(strings.TrimPrefix(uri, "data:"), ";base64,")
	if !found || !strings.HasPrefix(uri, "data:") || !slices.Contains([]string{"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"}, kind) {
		at.fail("IMAGE_INVALID", "Invalid image data: send data:image/png;base64, and the picture.")
		return nil
	}
	picture, err := base64.StdEncoding.DecodeString(encoded)
	switch {
	case err != nil, len(picture) == 0, kind != "image/avif" && http.DetectContentType(picture) != kind:
		at.fail("IMAGE_INVALID", "Invalid image data: this isn't %s.", kind)
	case len(picture) > maxEmojiBytes:
		at.fail("BINARY_TYPE_MAX_SIZE", "File cannot be larger than 256.0 kb.")
	}
	return picture
}

func patchEmoji(c *call) (reply, error) {
	i, err := c.emojiPlace()
	if err != nil {
		return reply{}, err
	}
	root := &spot{}
	body := judge(root, c.object(), []field{c.emojiName(c.state.emojis[i].ID)})
	if err := root.err(); err != nil {
		return reply{}, err
	}
	list := slices.Clone(c.state.emojis)
	list[i].Name = textOf(body["name"])
	if err := c.putEmojis(list); err != nil {
		return reply{}, err
	}
	return ok(c.emojiObject(list[i])), nil
}

func deleteEmoji(c *call) (reply, error) {
	i, err := c.emojiPlace()
	if err != nil {
		return reply{}, err
	}
	id := c.state.emojis[i].ID
	if err := c.putEmojis(slices.Delete(slices.Clone(c.state.emojis), i, i+1)); err != nil {
		return reply{}, err
	}
	if err := c.blobs.remove(blobKey(c.state.install.ID, id, "emoji.png")); err != nil {
		c.Sandbox.log.Error("the picture of an emoji could not be removed", "emoji", id, "err", err)
	}
	return empty(), nil
}
