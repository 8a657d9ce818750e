package store

import (
	"context"
	"crypto/tls"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// fault wraps err with what was being done. Errors of the drivers that may pass
// wrap [briefings.ErrUnavailable] as well, and say what to do where that is known.
func fault(doing string, err error) error {
	if err == nil {
		return nil
	}
	advice, away := diagnose(err)
	if advice != "" {
		err = fmt.Errorf("%s (%w)", advice, err)
	}
	if away {
		err = unavailable(err)
	}
	return fmt.Errorf("store: %s: %w", doing, err)
}

func diagnose(err error) (advice string, away bool) {
	if refusal := new(pgconn.PgError); errors.As(err, &refusal) {
		return diagnosePostgres(refusal.Code)
	}
	if refusal := new(sqlite.Error); errors.As(err, &refusal) {
		return diagnoseSQLite(refusal.Code() & 0xff) // the rest tells variants apart
	}
	switch {
	case errors.Is(err, context.Canceled):
		return "", false
	case errors.Is(err, context.DeadlineExceeded):
		return "the database took too long", true
	}
	if wrong := new(tls.CertificateVerificationError); errors.As(err, &wrong) {
		return "the certificate of Postgres can't be trusted; let sslrootcert in the database URL name the file of the authority that signed it, and the URL a host that it is for", true
	}
	lost := new(net.OpError)
	refused := new(pgconn.ConnectError)
	if errors.As(err, &refused) || errors.As(err, &lost) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, pgconn.ErrConnClosed) {
		return "the database can't be reached; check that it runs and that the database URL names it", true
	}
	return "", false
}

func diagnoseSQLite(code int) (advice string, away bool) {
	switch code {
	case lib.SQLITE_FULL:
		return "the disk is full; make room on it", true
	case lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN, lib.SQLITE_PERM:
		return "the database file or its folder can't be written; check their owner and their permissions", true
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED, lib.SQLITE_PROTOCOL:
		return "another process holds the database file; end it, or wait", true
	case lib.SQLITE_IOERR:
		return "the disk reports an error; check it", true
	case lib.SQLITE_CORRUPT:
		return "the database file is damaged; restore it from a backup", true
	case lib.SQLITE_NOTADB:
		return "the file is no SQLite database; let the database URL name another one", false
	}
	return "", false
}

// diagnosePostgres knows the codes of appendix A of Postgres' manual; their
// first two characters are the class.
func diagnosePostgres(code string) (advice string, away bool) {
	switch code {
	case "25006":
		return "this Postgres only reads; let the database URL name the primary", true
	case "3D000":
		return "Postgres has no such database; create it, or correct the database URL", true
	case "42P01", "3F000":
		return "the tables are not there yet", true
	case "42501":
		return "the user may not do this; grant it CREATE on the schema", true
	case "53100":
		return "Postgres' disk is full; make room on it", true
	case "53300":
		return "Postgres has no connection left; raise its max_connections", true
	case "40001", "40P01", "55P03", "57014":
		return "Postgres was too busy", true
	}
	switch code[:min(2, len(code))] {
	case "28":
		return "Postgres refused the user or the password; correct the database URL", true
	case "08", "53", "57", "58":
		return "Postgres can't serve", true
	}
	return "", false
}
