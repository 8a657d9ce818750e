package sandbox

import (
	_ "embed"
	"net/http"
	"slices"
	"strings"
)

// discordRoutes are the routes of Discord's own description of its API, one path a line and
// then the methods that it takes; a star stands for one segment.
//
//go:embed discord_routes.txt
var discordRoutes string

// documented returns the methods that Discord takes on a path.
func documented(path string) []string {
	var methods []string
	for line := range strings.Lines(discordRoutes) {
		words := strings.Fields(line)
		if sameSegments(words[0], path) {
			methods = append(methods, words[1:]...)
		}
	}
	return methods
}

func sameSegments(pattern, path string) bool {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, got, func(w, g string) bool { return w == g || w == "*" && g != "" })
}

// unrouted tells apart what Discord has and the sandbox lacks, a path that doesn't take this
// method, and one that there isn't.
func unrouted(mux *http.ServeMux, r *http.Request) error {
	methods := documented(r.URL.Path)
	if slices.Contains(methods, r.Method) {
		return &apiError{Status: http.StatusNotFound, Message: "404: Not Found (Discord has this route, the sandbox doesn't)"}
	}
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		probe := *r
		probe.Method = method
		if _, pattern := mux.Handler(&probe); pattern != "/" {
			return wrongMethod()
		}
	}
	if len(methods) > 0 {
		return wrongMethod()
	}
	return noRoute()
}
