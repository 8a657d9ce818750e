package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"sitrep/briefings"
	"sitrep/commands"
)

// fetchTime is what fetching an attachment may take in all.
const fetchTime = 20 * time.Second

// Files fetches what people attach, from Discord's own file hosts alone or,
// against another API, from its host. Safe for concurrent use.
type Files struct {
	client *http.Client
	base   *url.URL // of the API; nil for Discord's
	hosts  []string
}

// NewFiles returns what fetches attachments where the API is at base, which is
// empty for Discord itself.
func NewFiles(base string) (*Files, error) {
	f := &Files{
		hosts: []string{"cdn.discordapp.com", "media.discordapp.net"},
		client: &http.Client{
			Timeout:       fetchTime,
			CheckRedirect: stay,
			Transport: &http.Transport{
				Proxy:                  http.ProxyFromEnvironment,
				DialContext:            (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
				ForceAttemptHTTP2:      true,
				DisableCompression:     true, // what is unpacked on the way has no size that was declared
				TLSHandshakeTimeout:    5 * time.Second,
				ResponseHeaderTimeout:  10 * time.Second,
				MaxResponseHeaderBytes: 64 << 10,
				MaxIdleConns:           4,
				IdleConnTimeout:        30 * time.Second,
			},
		},
	}
	if base == "" {
		return f, nil
	}
	var err error
	f.base, err = parseBase(base)
	return f, err
}

// Fetch satisfies [commands.Files]. What was declared is judged before anything
// is asked for, what is answered before anything is read.
func (f *Files) Fetch(ctx context.Context, a commands.Attachment, types ...commands.FileType) ([]byte, error) {
	kind, err := declared(a, types)
	if err != nil {
		return nil, err
	}
	if !f.ours(a.URL) {
		return nil, briefings.TellAs(briefings.ErrInvalid, "file.elsewhere", nil, "That file is not on Discord's own servers, and I fetch none from elsewhere. Attach it to the command itself.")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, a.URL, nil)
	if err != nil {
		return nil, errors.New("bot: an attachment's address can't be asked for")
	}
	request.Header.Set("Accept-Encoding", "identity")
	response, err := f.client.Do(request)
	if err != nil {
		return nil, unfetched(err)
	}
	defer func() { _ = response.Body.Close() }()
	switch {
	case response.StatusCode >= 500, response.StatusCode == http.StatusTooManyRequests:
		return nil, unfetched(errors.New(response.Status))
	case response.StatusCode != http.StatusOK:
		return nil, briefings.TellAs(briefings.ErrInvalid, "file.gone", nil, "Discord has no such file any more. Please attach it again.")
	case response.ContentLength >= 0 && response.ContentLength != a.Size,
		response.Header.Get("Content-Encoding") != "",
		!goesBy(kind, response.Header.Get("Content-Type")):
		return nil, otherFile()
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, a.Size+1))
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, otherFile()
	case err != nil:
		return nil, unfetched(err)
	case int64(len(data)) != a.Size || !startsAs(kind, data):
		return nil, otherFile()
	}
	return data, nil
}

// declared is which of types a says to be.
func declared(a commands.Attachment, types []commands.FileType) (commands.FileType, error) {
	const mebibyte = 1 << 20
	ending := strings.ToLower(path.Ext(a.Name))
	var wanted []string
	for _, kind := range types {
		wanted = append(wanted, kind.Endings...)
	}
	i := slices.IndexFunc(types, func(kind commands.FileType) bool { return slices.Contains(kind.Endings, ending) })
	switch {
	case i < 0 || !goesBy(types[i], a.Type):
		return commands.FileType{}, briefings.TellAs(briefings.ErrInvalid, "file.type", map[string]any{"List": strings.Join(wanted, ", ")},
			"That is no file that I can read here. Attach one that ends in one of these, and is what it says: {{.List}}")
	case a.Size > commands.MostAttached:
		return commands.FileType{}, briefings.TellAs(briefings.ErrInvalid, "file.big", map[string]any{"Most": commands.MostAttached / mebibyte},
			"That file is larger than {{.Most}} MiB, which is all that I read. Leave out what is not needed, or attach it in parts.")
	case a.Size <= 0:
		return commands.FileType{}, briefings.TellAs(briefings.ErrInvalid, "file.empty", nil, "That file is empty. Attach one that holds something.")
	}
	return types[i], nil
}

// goesBy reports whether a media type, which may be missing, is one of kind's.
func goesBy(kind commands.FileType, declared string) bool {
	if declared == "" {
		return true
	}
	media, _, err := mime.ParseMediaType(declared)
	return err == nil && slices.Contains(kind.Media, media)
}

// startsAs reports whether data starts as kind does; text holds no null.
func startsAs(kind commands.FileType, data []byte) bool {
	if kind.Magic == "" {
		return !bytes.ContainsRune(data, 0)
	}
	return bytes.HasPrefix(data, []byte(kind.Magic))
}

// ours reports whether address is on a host that keeps attachments for us.
func (f *Files) ours(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Opaque != "" || u.RawPath != "" || path.Clean(u.Path) != u.Path {
		return false
	}
	if u.Scheme == "https" && slices.Contains(f.hosts, u.Host) {
		return true
	}
	// beside its files, the host of a test's API has doors that nobody else may open
	return f.base != nil && u.Scheme == f.base.Scheme && u.Host == f.base.Host &&
		(strings.HasPrefix(u.Path, "/attachments/") || strings.HasPrefix(u.Path, "/ephemeral-attachments/"))
}

func otherFile() error {
	return briefings.TellAs(briefings.ErrInvalid, "file.other", nil, "What arrived is not the file that was announced, in its size or its kind, so I read none of it. Please attach it again.")
}

// unfetched is for what may go better the next time. The address, which gives
// whoever has it the file, stays out of it.
func unfetched(err error) error {
	if wrapped := new(url.Error); errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return errors.Join(briefings.TellAs(briefings.ErrUnavailable, "file.unread", nil, "The file could not be fetched from Discord in time. Please attach it again in a minute."),
		fmt.Errorf("bot: fetch an attachment: %w", err))
}
