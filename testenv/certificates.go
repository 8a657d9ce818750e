package testenv

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Certificates are files in PEM: a certificate authority of its own, and a
// certificate by it, with its key, for a server at 127.0.0.1 and its clients.
type Certificates struct{ CA, Cert, Key string }

// NewCertificates makes some that last as long as the test.
func NewCertificates(tb testing.TB) Certificates {
	tb.Helper()
	c, err := certificates(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func certificates(folder string) (Certificates, error) {
	c := Certificates{CA: filepath.Join(folder, "ca.pem"), Cert: filepath.Join(folder, "cert.pem"), Key: filepath.Join(folder, "key.pem")}
	root := template(1, "sitrep tests")
	root.IsCA, root.KeyUsage = true, x509.KeyUsageCertSign
	leaf := template(2, "127.0.0.1")
	leaf.KeyUsage = x509.KeyUsageDigitalSignature
	leaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	leaf.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}

	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return c, err
	}
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return c, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(leafKey)
	if err != nil {
		return c, err
	}
	return c, errors.Join(
		sign(c.CA, root, root, &rootKey.PublicKey, rootKey),
		sign(c.Cert, leaf, root, &leafKey.PublicKey, rootKey),
		writePEM(c.Key, "PRIVATE KEY", secret),
	)
}

func template(serial int64, name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), BasicConstraintsValid: true,
	}
}

func sign(path string, of, by *x509.Certificate, public crypto.PublicKey, key crypto.Signer) error {
	der, err := x509.CreateCertificate(rand.Reader, of, by, public, key)
	if err != nil {
		return err
	}
	return writePEM(path, "CERTIFICATE", der)
}

func writePEM(path, kind string, der []byte) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}
