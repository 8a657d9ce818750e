package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"sitrep/bot"
	"sitrep/config"
	"sitrep/metrics"
)

// What is written for machines to run sitrep by names settings, paths and ports
// that nothing but these tests would compare with sitrep's own.

// A document is a Kubernetes object, as far as these tests read it.
type document struct {
	Kind string
	Spec struct {
		Template struct {
			Spec struct {
				AutomountServiceAccountToken *bool `yaml:"automountServiceAccountToken"`
				GracePeriod                  int   `yaml:"terminationGracePeriodSeconds"`
				SecurityContext              struct {
					RunAsNonRoot bool `yaml:"runAsNonRoot"`
					RunAsUser    int  `yaml:"runAsUser"`
				} `yaml:"securityContext"`
				Containers []container
			}
		}
		Ports []struct {
			TargetPort string `yaml:"targetPort"`
		}
	}
}

type container struct {
	Image string
	Env   []struct {
		Name, Value string
		ValueFrom   struct {
			SecretKeyRef struct{ Name, Key string } `yaml:"secretKeyRef"`
		} `yaml:"valueFrom"`
	}
	Ports []struct {
		Name          string
		ContainerPort int `yaml:"containerPort"`
	}
	StartupProbe    probe `yaml:"startupProbe"`
	ReadinessProbe  probe `yaml:"readinessProbe"`
	LivenessProbe   probe `yaml:"livenessProbe"`
	Resources       struct{ Requests, Limits map[string]string }
	SecurityContext struct {
		AllowPrivilegeEscalation *bool `yaml:"allowPrivilegeEscalation"`
		ReadOnlyRootFilesystem   bool  `yaml:"readOnlyRootFilesystem"`
		Capabilities             struct{ Drop []string }
	} `yaml:"securityContext"`
}

type probe struct {
	HTTPGet struct{ Path, Port string } `yaml:"httpGet"`
}

// isSetting fails where no setting of sitrep's has that name.
func isSetting(t *testing.T, where, name string) {
	t.Helper()
	if !slices.ContainsFunc(config.Config{}.Settings(), func(s config.Setting) bool { return s.Name == name }) {
		t.Errorf("%s: %s is no setting of sitrep's", where, name)
	}
}

func isSecret(name string) bool {
	c := config.Config{Token: "x", DatabaseURL: "x", RedisURL: "x"}
	return slices.ContainsFunc(c.Settings(), func(s config.Setting) bool { return s.Name == name && s.Value == "(set, hidden)" })
}

func documents(t *testing.T, path string) []document {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []document
	for from := yaml.NewDecoder(bytes.NewReader(text)); ; {
		var d document
		err := from.Decode(&d)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		all = append(all, d)
	}
}

func TestKubernetes(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("deploy/kubernetes/*.yaml")
	if err != nil || len(paths) < 2 {
		t.Fatalf("got %q, %v, want the endpoint and the gateway", paths, err)
	}
	for _, path := range paths {
		kinds := map[string]int{}
		var c container
		for _, d := range documents(t, path) {
			kinds[d.Kind]++
			pod := d.Spec.Template.Spec
			if d.Kind == "Service" {
				for _, p := range d.Spec.Ports {
					if portOf(c, p.TargetPort) == 0 {
						t.Errorf("%s: the service leads to port %q, which no container has", path, p.TargetPort)
					}
				}
			}
			if d.Kind != "Deployment" && d.Kind != "StatefulSet" {
				continue
			}
			if !pod.SecurityContext.RunAsNonRoot || pod.SecurityContext.RunAsUser == 0 || pod.AutomountServiceAccountToken == nil || *pod.AutomountServiceAccountToken {
				t.Errorf("%s: %s may run as root, or gets a token of the cluster's", path, d.Kind)
			}
			if pod.GracePeriod <= 20 || len(pod.Containers) != 1 {
				t.Fatalf("%s: %d containers with %d s to stop in, want one with more than the 20 s that sitrep takes", path, len(pod.Containers), pod.GracePeriod)
			}
			c = pod.Containers[0]
			judgeContainer(t, path, c)
		}
		if kinds["Deployment"]+kinds["StatefulSet"] != 1 || kinds["Service"] != 1 || kinds["PodDisruptionBudget"] != 1 {
			t.Errorf("%s holds %v", path, kinds)
		}
	}
}

func portOf(c container, name string) int {
	for _, p := range c.Ports {
		if p.Name == name {
			return p.ContainerPort
		}
	}
	return 0
}

func judgeContainer(t *testing.T, path string, c container) {
	t.Helper()
	s := c.SecurityContext
	if s.AllowPrivilegeEscalation == nil || *s.AllowPrivilegeEscalation || !s.ReadOnlyRootFilesystem || !slices.Equal(s.Capabilities.Drop, []string{"ALL"}) {
		t.Errorf("%s: the container has more rights than it needs", path)
	}
	if c.Resources.Limits["memory"] == "" || c.Resources.Requests["cpu"] == "" {
		t.Errorf("%s: the container has no limits", path)
	}
	var environ []string
	for _, e := range c.Env {
		secret := e.ValueFrom.SecretKeyRef
		switch {
		case secret.Key != "":
			isSetting(t, path, secret.Key)
			if secret.Key != e.Name {
				t.Errorf("%s: %s is taken from %s", path, e.Name, secret.Key)
			}
			e.Value = map[string]string{
				"DISCORD_TOKEN": "a.b.c", "DISCORD_PUBLIC_KEY": strings.Repeat("ab", 32),
				"SITREP_DATABASE_URL": "postgres://db/sitrep", "SITREP_REDIS_URL": "redis://redis",
			}[e.Name]
		case isSecret(e.Name):
			t.Errorf("%s: %s stands in the file; take it from a secret", path, e.Name)
		case e.Name == "POD": // the number of the pod, for SITREP_SHARDS
			continue
		}
		isSetting(t, path, e.Name)
		environ = append(environ, e.Name+"="+strings.ReplaceAll(e.Value, "$(POD)", "1"))
	}
	cfg, err := config.Read(environ, filepath.Join(t.TempDir(), ".env"))
	if err != nil {
		t.Fatalf("%s: sitrep would refuse to start: %v", path, err)
	}
	for name, p := range map[string]probe{"startup": c.StartupProbe, "readiness": c.ReadinessProbe, "liveness": c.LivenessProbe} {
		if get := p.HTTPGet; !serves(t, cfg, portOf(c, get.Port), http.MethodGet, get.Path) {
			t.Errorf("%s: the %s probe asks for %q on port %s, where nothing answers", path, name, get.Path, get.Port)
		}
	}
	if port := portOf(c, "interactions"); port != 0 && !serves(t, cfg, port, http.MethodPost, "/interactions") {
		t.Errorf("%s: no interactions on port %d", path, port)
	}
	if c.LivenessProbe.HTTPGet.Path != "/healthz" {
		t.Errorf("%s: a bot whose Discord is away would be restarted for it", path)
	}
}

// serves tells whether sitrep with these settings answers at a port.
func serves(t *testing.T, cfg config.Config, port int, method, path string) bool {
	t.Helper()
	p := &parts{cfg: cfg, listen: &listener{}, metrics: metrics.New(), vitals: &vitals{}}
	if cfg.PublicKey != "" {
		p.endpoint = &bot.Endpoint{}
	}
	if cfg.AdminListen != "" {
		p.listen.admin = none{}
	}
	handlers := p.handler()
	for address, h := range map[string]http.Handler{cfg.Listen: handlers.main, cfg.AdminListen: handlers.admin} {
		mux, is := h.(*http.ServeMux)
		if !is {
			t.Fatalf("a %T can't be asked what it answers", h)
		}
		host, at, _ := net.SplitHostPort(address)
		if at == fmt.Sprint(port) && host == "0.0.0.0" {
			_, pattern := mux.Handler(httptest.NewRequest(method, path, nil))
			return pattern != ""
		}
	}
	return false
}

// none listens to nobody.
type none struct{ net.Listener }

func TestCompose(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Services map[string]struct {
			Build       string
			User        string
			Environment map[string]string
			Ports       []string
			ReadOnly    bool     `yaml:"read_only"`
			CapDrop     []string `yaml:"cap_drop"`
			SecurityOpt []string `yaml:"security_opt"`
		}
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Services) != 3 {
		t.Errorf("%d services, want 3", len(file.Services))
	}
	for name, s := range file.Services {
		// The image of sitrep says itself who it runs as; see TestDockerfile.
		if s.Build == "" && (s.User == "" || s.User == "root" || strings.HasPrefix(s.User, "0")) {
			t.Errorf("%s runs as root", name)
		}
		if !s.ReadOnly || !slices.Equal(s.CapDrop, []string{"ALL"}) || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
			t.Errorf("%s has more rights than it needs", name)
		}
		for _, p := range s.Ports {
			if !strings.HasPrefix(p, "127.0.0.1:") {
				t.Errorf("%s is open to other machines at %s", name, p)
			}
		}
	}
	for name := range file.Services["sitrep"].Environment {
		isSetting(t, "compose.yaml", name)
		if isSecret(name) && name != "SITREP_REDIS_URL" { // without a password
			t.Errorf("compose.yaml holds %s; let it come from sitrep.env", name)
		}
	}
	for _, name := range settingsIn(string(text)) {
		isSetting(t, "compose.yaml", name)
	}
}

func settingsIn(text string) []string {
	return regexp.MustCompile(`\b(?:SITREP|DISCORD)_[A-Z_]+`).FindAllString(text, -1)
}

func TestDockerfile(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	_, last, _ := strings.Cut(string(text), "\nFROM gcr.io/distroless/static")
	names := settingsIn(string(text))
	if len(names) == 0 || !strings.Contains(last, "\nUSER nonroot\n") {
		t.Errorf("the image sets %q, and as whom does it run?\n%s", names, last)
	}
	for _, name := range names {
		isSetting(t, "Dockerfile", name)
	}
	// The base image can be asked for no health: the binary is.
	if code, _, stderr := sitrep(t, []string{"SITREP_LISTEN=127.0.0.1:1"}, "health"); !strings.Contains(last, `CMD ["/sitrep", "health"]`) || code != 1 {
		t.Errorf("sitrep health: exit code %d, %s", code, stderr)
	}
}

func TestSystemd(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("deploy/systemd/sitrep.service")
	if err != nil {
		t.Fatal(err)
	}
	unit := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		if name, value, is := strings.Cut(strings.TrimSpace(line), "="); is && !strings.HasPrefix(name, "#") {
			unit[name] = append(unit[name], value)
		}
	}
	for name, want := range map[string]string{
		"DynamicUser": "yes", "NoNewPrivileges": "yes", "ProtectSystem": "strict", "CapabilityBoundingSet": "",
		"StateDirectory": "sitrep", "TimeoutStopSec": "30",
	} {
		if !slices.Equal(unit[name], []string{want}) {
			t.Errorf("%s=%q, want %q", name, unit[name], want)
		}
	}
	var environ []string
	for _, set := range unit["Environment"] {
		name, _, _ := strings.Cut(set, "=")
		isSetting(t, "sitrep.service", name)
		if isSecret(name) {
			t.Errorf("sitrep.service holds %s; let it come from the EnvironmentFile", name)
		}
		environ = append(environ, set)
	}
	if _, err := config.Read(environ, filepath.Join(t.TempDir(), ".env")); err != nil || len(environ) == 0 {
		t.Errorf("with %q sitrep would refuse to start: %v", environ, err)
	}
	for _, name := range settingsIn(string(text)) {
		isSetting(t, "sitrep.service", name)
	}
}
