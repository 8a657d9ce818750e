package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"
)

// listener is the address that sitrep serves on, and one of their own for
// health checks and metrics where that is asked for.
type listener struct {
	main, admin net.Listener
}

// listen takes the addresses at once, so that a port in use is told before
// anything else starts.
func listen(address, admin string) (*listener, error) {
	l := &listener{}
	var err error
	if l.main, err = bind("SITREP_LISTEN", address); err != nil {
		return nil, err
	}
	if admin == "" {
		return l, nil
	}
	if l.admin, err = bind("SITREP_ADMIN_LISTEN", admin); err != nil {
		return nil, errors.Join(err, l.close())
	}
	return l, nil
}

func bind(setting, address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use by another program: stop that one, or set %s to another address, like 127.0.0.1:8081", address, setting)
	}
	if err != nil {
		return nil, fmt.Errorf("can't listen on %s: %w; set %s to an address of this machine", address, err, setting)
	}
	return l, nil
}

// url is where a browser on this machine finds it.
func (l *listener) url() string {
	host, port, _ := net.SplitHostPort(l.main.Addr().String())
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

func (l *listener) loopback() bool {
	a, ok := l.main.Addr().(*net.TCPAddr)
	return ok && a.IP.IsLoopback()
}

func (l *listener) close() error {
	errs := []error{ignoreClosed(l.main.Close())}
	if l.admin != nil {
		errs = append(errs, ignoreClosed(l.admin.Close()))
	}
	return errors.Join(errs...)
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// serve answers requests until stop is called, which gives those under way two
// seconds. What ends a server before that comes out of failed.
func (l *listener) serve(base context.Context, handlers handlers) (stop func() error, failed <-chan error) {
	servers := []*http.Server{server(base, handlers.main)}
	listeners := []net.Listener{l.main}
	if l.admin != nil {
		servers, listeners = append(servers, server(base, handlers.admin)), append(listeners, l.admin)
	}
	faults := make(chan error, len(servers))
	var serving sync.WaitGroup
	for i, s := range servers {
		serving.Go(func() {
			if err := s.Serve(listeners[i]); !errors.Is(err, http.ErrServerClosed) {
				faults <- fmt.Errorf("serving %s: %w", listeners[i].Addr(), err)
			}
		})
	}
	return func() error {
		stopping, cancel := context.WithTimeout(base, 2*time.Second)
		defer cancel()
		var errs []error
		for _, s := range servers {
			if err := s.Shutdown(stopping); err != nil {
				errs = append(errs, ignoreClosed(s.Close())) // long polls and event streams end here
			}
		}
		serving.Wait()
		return errors.Join(errs...)
	}, faults
}

func server(base context.Context, h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		BaseContext: func(net.Listener) context.Context { return base },
	}
}

// handlers are what the two addresses answer.
type handlers struct{ main, admin http.Handler }

// handler answers health checks, metrics and interactions, and in sandbox mode
// everything else too.
func (p *parts) handler() handlers {
	admin := http.NewServeMux()
	admin.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "alive") })
	admin.Handle("GET /readyz", p.vitals)
	admin.Handle("GET /metrics", p.metrics.Handler())
	main := http.NewServeMux()
	if p.sandbox != nil {
		main.Handle("/", p.sandbox)
	}
	if p.endpoint != nil {
		main.Handle("POST /interactions", p.endpoint)
	}
	if p.listen.admin == nil {
		for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
			main.Handle(path, admin)
		}
	}
	return handlers{main: main, admin: admin}
}
