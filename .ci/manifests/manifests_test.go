// Package manifests has Compose's, Kubernetes' and Prometheus' own libraries read
// what is written for them. A module of its own, so that sitrep's needs none of
// them. What the files name of sitrep's own is compared in deploy_test.go.
package manifests

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	compose "github.com/compose-spec/compose-go/v2/types"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	policy "k8s.io/api/policy/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/yaml"
)

const root = "../.."

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{root}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestCompose does what `docker compose config` does, in a folder with the two
// files that compose.yaml has its reader write.
func TestCompose(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"sitrep.env", "postgres.env"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, err := loader.LoadWithContext(t.Context(), compose.ConfigDetails{
		WorkingDir:  folder,
		ConfigFiles: []compose.ConfigFile{{Filename: "compose.yaml", Content: read(t, "compose.yaml")}},
		Environment: compose.Mapping{},
	})
	if err != nil {
		t.Error(err)
	}
}

// TestKubernetes refuses what a server would: kinds there are not, fields that
// are unknown or there twice, values of another type. Then it looks for what
// each object of a file names in the others.
func TestKubernetes(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(root, "deploy/kubernetes/*.yaml"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no manifests, %v", err)
	}
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{core.AddToScheme, apps.AddToScheme, policy.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	strict := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer()
	for _, path := range paths {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			var objects []runtime.Object
			for from := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(read(t, "deploy/kubernetes", name)))); ; {
				text, err := from.Read()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				object, _, err := strict.Decode(text, nil, nil)
				if err != nil {
					t.Fatalf("document %d: %v", len(objects)+1, err)
				}
				objects = append(objects, object)
			}
			judge(t, objects)
		})
	}
}

func judge(t *testing.T, objects []runtime.Object) {
	t.Helper()
	services := map[string]bool{}
	var pods []labels.Set
	for _, object := range objects {
		o := object.(meta.Object)
		if wrong := validation.IsDNS1123Label(o.GetName()); len(wrong) > 0 {
			t.Errorf("%T %q: %q", o, o.GetName(), wrong)
		}
		switch o := object.(type) {
		case *core.Service:
			services[o.Name] = true
		case *apps.Deployment:
			pods = append(pods, o.Spec.Template.Labels)
		case *apps.StatefulSet:
			pods = append(pods, o.Spec.Template.Labels)
		}
	}
	for _, object := range objects {
		switch o := object.(type) {
		case *apps.Deployment:
			selects(t, "the Deployment", o.Spec.Selector, labels.Set(o.Spec.Template.Labels))
			judgePod(t, o.Spec.Template)
		case *apps.StatefulSet:
			selects(t, "the StatefulSet", o.Spec.Selector, labels.Set(o.Spec.Template.Labels))
			judgePod(t, o.Spec.Template)
			if !services[o.Spec.ServiceName] {
				t.Errorf("the StatefulSet's service %q is not in the file", o.Spec.ServiceName)
			}
		case *policy.PodDisruptionBudget:
			selects(t, "the PodDisruptionBudget", o.Spec.Selector, pods...)
		case *core.Service:
			selects(t, "the Service", &meta.LabelSelector{MatchLabels: o.Spec.Selector}, pods...)
		default:
			t.Errorf("a %T, of which nothing is known here: say what it needs", o)
		}
	}
}

func judgePod(t *testing.T, pod core.PodTemplateSpec) {
	t.Helper()
	volumes := map[string]bool{}
	for _, v := range pod.Spec.Volumes {
		volumes[v.Name] = true
	}
	for _, c := range pod.Spec.Containers {
		for _, m := range c.VolumeMounts {
			if !volumes[m.Name] {
				t.Errorf("%s mounts %q, which is no volume of the pod's", c.Name, m.Name)
			}
		}
		for _, p := range c.Ports {
			if wrong := validation.IsValidPortName(p.Name); len(wrong) > 0 {
				t.Errorf("port %q: %q", p.Name, wrong)
			}
		}
	}
	for _, s := range pod.Spec.TopologySpreadConstraints {
		selects(t, "the spread", s.LabelSelector, labels.Set(pod.Labels))
	}
}

// selects fails unless a selector says something and that is true of some pods.
func selects(t *testing.T, who string, by *meta.LabelSelector, pods ...labels.Set) {
	t.Helper()
	selector, err := meta.LabelSelectorAsSelector(by)
	if err != nil || selector.Empty() {
		t.Errorf("%s selects by %v, %v", who, by, err)
		return
	}
	for _, pod := range pods {
		if selector.Matches(pod) {
			return
		}
	}
	t.Errorf("%s selects pods with %v, which none of %v is", who, selector, pods)
}

func TestAlerts(t *testing.T) {
	var log bytes.Buffer
	rules, errs := rulefmt.Parse(read(t, "deploy/prometheus/alerts.yaml"), false, model.LegacyValidation, promql(), slog.New(slog.NewTextHandler(&log, nil)))
	for _, err := range errs {
		t.Error(err)
	}
	if log.Len() > 0 {
		t.Error(log.String())
	}
	if rules == nil || len(errs) > 0 {
		return
	}
	n := 0
	for _, group := range rules.Groups {
		for _, rule := range group.Rules {
			judgeQuery(t, rule.Alert, rule.Expr)
			n++
		}
	}
	if n == 0 {
		t.Error("there are no rules")
	}
}

// TestDashboard reads the queries, with Grafana's variables set.
func TestDashboard(t *testing.T) {
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(read(t, "deploy/grafana/sitrep.json"), &dashboard); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, panel := range dashboard.Panels {
		for _, target := range panel.Targets {
			judgeQuery(t, panel.Title, strings.NewReplacer("$__rate_interval", "1m", "$instance", ".*").Replace(target.Expr))
			n++
		}
	}
	if n == 0 {
		t.Error("there are no queries")
	}
}

func promql() parser.Parser { return parser.NewParser(parser.Options{}) }

// ours are the metrics that metrics_test.go looks for among what sitrep exports.
var ours = regexp.MustCompile(`^(sitrep|go|process)_[a-z_]+$`)

// judgeQuery fails where a query can't be read, or names a metric that by its name
// is neither sitrep's nor Prometheus' own `up`.
func judgeQuery(t *testing.T, where, text string) {
	t.Helper()
	query, err := promql().ParseExpr(text)
	if err != nil {
		t.Errorf("%s: %v", where, err)
		return
	}
	parser.Inspect(query, func(node parser.Node, _ []parser.Node) error {
		if v, is := node.(*parser.VectorSelector); is && v.Name != "up" && !ours.MatchString(v.Name) {
			t.Errorf("%s asks for %q, which is no metric of sitrep's", where, v.Name)
		}
		return nil
	})
}
