package testenv

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
)

// redisURL names servers of one kind, in the form that several clients have for
// more than one, with Postgres' words for the files of TLS.
func redisURL(scheme, password, path string, files *Certificates, servers ...*RedisServer) string {
	addrs := make([]string, len(servers))
	for i, s := range servers {
		addrs[i] = s.addr()
	}
	u := url.URL{Scheme: scheme, User: url.UserPassword("", password), Host: strings.Join(addrs, ","), Path: path}
	if files != nil {
		u.Scheme = strings.Replace(scheme, "redis", "rediss", 1)
		u.RawQuery = url.Values{"sslrootcert": {files.CA}, "sslcert": {files.Cert}, "sslkey": {files.Key}}.Encode()
	}
	return u.String()
}

func (s *RedisServer) addr() string {
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port))
}

// ask returns the answer to a command in one text: the lines of an array are
// joined by spaces.
func (s *RedisServer) ask(ctx context.Context, command string) (answer string, err error) {
	conn, err := s.dial(ctx)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return "", err
		}
	}
	if _, err := fmt.Fprintf(conn, "AUTH %s\r\n%s\r\n", s.password, command); err != nil {
		return "", err
	}
	answers := bufio.NewReader(conn)
	if _, err := readReply(answers); err != nil {
		return "", err
	}
	return readReply(answers)
}

func (s *RedisServer) dial(ctx context.Context) (net.Conn, error) {
	if s.tls == nil {
		return new(net.Dialer).DialContext(ctx, "tcp", s.addr())
	}
	pair, err := tls.LoadX509KeyPair(s.tls.Cert, s.tls.Key)
	if err != nil {
		return nil, err
	}
	ca, err := os.ReadFile(s.tls.CA)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	d := tls.Dialer{Config: &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}}
	return d.DialContext(ctx, "tcp", s.addr())
}

// readReply reads one answer of the protocol in its second version.
func readReply(r *bufio.Reader) (string, error) {
	line, err := r.ReadString('\n')
	if err != nil {
		return "", err
	}
	kind, rest := line[0], strings.TrimSpace(line[1:])
	switch kind {
	case '-':
		return "", fmt.Errorf("testenv: Redis refused: %s", rest)
	case '$', '*':
		n, err := strconv.Atoi(rest)
		if err != nil || n < 0 {
			return "", err
		}
		if kind == '$' {
			text := make([]byte, n+len("\r\n"))
			_, err := io.ReadFull(r, text)
			return string(text[:n]), err
		}
		parts := make([]string, n)
		for i := range parts {
			if parts[i], err = readReply(r); err != nil {
				return "", err
			}
		}
		return strings.Join(parts, " "), nil
	}
	return rest, nil
}
