package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"sitrep/cache"
	"sitrep/sandbox"
)

// check says whether the settings, or a folder of YAML files, can be used.
func check(_ context.Context, w world) error {
	rest, err := w.flagsAnd("check", "prints the settings and checks them, or checks a folder of YAML files, or a zip archive of it:\nsitrep check [FOLDER or FILE.zip]", nil)
	if err != nil {
		return err
	}
	if len(rest) > 1 {
		return usageError{"check takes one folder; see sitrep check --help"}
	}
	if len(rest) == 1 {
		items, err := readFiles(w, rest[0], time.Now())
		if err != nil {
			return err
		}
		fmt.Fprintf(w.stdout, "%s is sound: %s.\n", rest[0], count(len(items), "item"))
		return nil
	}
	cfg, err := w.settings()
	for _, s := range cfg.Settings() {
		fmt.Fprintf(w.stdout, "%s=%s\n", s.Name, s.Value)
	}
	if err != nil {
		return err
	}
	if _, err := readCatalogue(cfg.Catalogue); err != nil {
		return err
	}
	if err := cache.Check(cfg.Redis()); err != nil {
		return err
	}
	fmt.Fprintln(w.stdout, "The settings are sound.")
	return nil
}

// health asks a running sitrep whether it is alive. Whether Discord is, is not
// its fault, and no reason to restart it: that is what /readyz tells.
func health(ctx context.Context, w world) error {
	if err := w.flags("health", "asks the sitrep that runs with these settings whether it is alive; exit code 1 if not.", nil); err != nil {
		return err
	}
	cfg, err := w.settings()
	if err != nil {
		return err
	}
	address := cfg.Listen
	if cfg.AdminListen != "" {
		address = cfg.AdminListen
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("no sitrep answers on %s: %w", address, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("what answers on %s is no healthy sitrep (HTTP %d)", address, response.StatusCode)
	}
	fmt.Fprintln(w.stdout, "alive")
	return nil
}

// sandboxOnly serves the local Discord for other clients.
func sandboxOnly(ctx context.Context, w world) (err error) {
	if err := w.flags("sandbox", "runs only the local Discord on SITREP_LISTEN and prints one line of JSON: base_url, token, application_id, public_key, and a key where other machines can reach it.", nil); err != nil {
		return err
	}
	cfg, err := w.settings()
	if err != nil {
		return err
	}
	l, err := listen(cfg.Listen, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.close()) }()
	s, err := sandbox.Open(sandbox.Options{Dir: filepath.Join(cfg.Data, "sandbox"), Log: cfg.Logger(w.stderr), Origins: []string{cfg.Listen}, Guarded: !l.loopback()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	stop, failed := l.serve(context.WithoutCancel(ctx), handlers{main: s})
	c := s.Credentials()
	line, err := json.Marshal(struct {
		BaseURL string `json:"base_url"`
		sandbox.Credentials
	}{l.url(), c})
	if err != nil {
		return errors.Join(err, stop())
	}
	if c.Key != "" {
		fmt.Fprintln(w.stderr, reachable(cfg.Listen, l.url(), c.Key))
	}
	fmt.Fprintln(w.stdout, string(line))
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	return errors.Join(err, stop())
}
