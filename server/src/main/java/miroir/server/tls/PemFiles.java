package miroir.server.tls;

import miroir.server.configuration.TlsConfiguration;

/** What stood in both files at one look. */
record PemFiles(PemFile certificate, PemFile key) {

    static PemFiles look(TlsConfiguration tls) {
        return new PemFiles(PemFile.look(tls.certificate()), PemFile.look(tls.key()));
    }

    /** Tells two looks apart. */
    String fingerprint() {
        return certificate.fingerprint() + key.fingerprint();
    }
}
