package miroir.server.configuration;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * HTTPS, from files in PEM.
 *
 * @param certificate the server's certificate, then those that lead from it to an authority
 * @param key its private key
 * @param password of the key, where it is encrypted
 * @param reload how often the files are looked at
 * @param hsts for how long browsers shall come by HTTPS only; zero: that is not said
 */
public record TlsConfiguration(
        Path certificate, Path key, @Nullable String password, Duration reload, Duration hsts) {
    static final List<String> KEYS = List.of("certificate", "key", "passphrase", "reload", "hsts");

    /** Empty where there are no files. */
    static Optional<TlsConfiguration> read(Section section) {
        Optional<Path> certificate = section.parsed("certificate", Path::of, "the path of a file");
        Optional<Path> key = section.parsed("key", Path::of, "the path of a file");
        Duration reload = section.duration("reload", "5s");
        Optional<String> passphrase = section.secret("passphrase");
        if (certificate.isPresent() != key.isPresent()) {
            throw section.refuse("certificate and key are two files, and one of them is not named");
        }
        if (reload.isZero()) {
            throw section.refuse("reload must be longer than 0");
        }
        Duration hsts = section.duration("hsts", "365d");
        if (!hsts.isZero() && hsts.toSeconds() == 0) {
            throw section.refuse("hsts must be 0s, which is never, or at least 1s");
        }
        return certificate.map(
                file -> new TlsConfiguration(file, key.orElseThrow(), passphrase.orElse(null), reload, hsts));
    }

    /** The password of the key, where it has one. */
    public Optional<String> passphrase() {
        return Optional.ofNullable(password);
    }

    @Override
    public String toString() {
        return "TlsConfiguration[certificate=" + certificate + ", key=" + key + "]";
    }
}
