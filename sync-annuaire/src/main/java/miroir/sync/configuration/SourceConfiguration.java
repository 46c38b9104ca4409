package miroir.sync.configuration;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import miroir.index.yaml.YamlNode;
import miroir.sync.upstream.Source;
import miroir.sync.upstream.SourceKey;
import org.jspecify.annotations.Nullable;

/** The entries of {@code sources}: servers to copy from. */
final class SourceConfiguration {
    static final List<String> KEYS = List.of(
            "url",
            "header",
            "keyVariable",
            "keyFile",
            "quota",
            "timeout",
            "pageSize",
            "proxy",
            "trust",
            "patience",
            "formerly");

    private SourceConfiguration() {}

    static Source read(String name, YamlNode node, Function<String, @Nullable String> environment) {
        node.allowOnly(KEYS.toArray(String[]::new));
        if (!name.matches("[a-z0-9-]{1,40}")) {
            throw node.refuse("a source is called by lower-case letters, digits and hyphens");
        }
        return new Source(
                name,
                url(node.require("url")),
                new SourceKey(Optionals.text(node, "header", "ESANTE-API-KEY"), key(node, environment)),
                Optionals.integer(node, "quota", 17, 1, 10_000),
                Optionals.duration(node, "timeout", Duration.ofSeconds(30)),
                Optionals.integer(node, "pageSize", 200, 1, 10_000),
                Optionals.parsed(node, "proxy", SourceConfiguration::proxy).orElse(null),
                Optionals.value(node, "trust", SourceConfiguration::readable).orElse(null),
                Optionals.duration(node, "patience", Duration.ofMinutes(10)),
                Optionals.value(node, "formerly", SourceConfiguration::formerly).orElse(""));
    }

    private static String formerly(YamlNode node) {
        return Source.ANY.equals(node.text()) ? Source.ANY : url(node).toString();
    }

    private static URI url(YamlNode node) {
        return base(node.text())
                .orElseThrow(() ->
                        node.refuse("\"" + node.text() + "\" is not a FHIR base such as https://example.org/fhir"));
    }

    /** A FHIR base, without the slash at its end. */
    static Optional<URI> base(String text) {
        try {
            URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return http && uri.getHost() != null && uri.getQuery() == null && uri.getUserInfo() == null
                    ? Optional.of(uri)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String key(YamlNode node, Function<String, @Nullable String> environment) {
        Optional<Path> file = Optionals.value(node, "keyFile", SourceConfiguration::readable);
        if (file.isPresent()) {
            try {
                return Files.readString(file.get()).strip();
            } catch (IOException e) {
                throw node.refuse("keyFile: " + file.get() + " cannot be read");
            }
        }
        String value = environment.apply(Optionals.text(node, "keyVariable", "ANNUAIRE_API_KEY"));
        return value == null ? "" : value.strip();
    }

    private static Path readable(YamlNode node) {
        Path file = Path.of(node.text());
        if (!Files.isReadable(file)) {
            throw node.refuse(file + " cannot be read");
        }
        return file;
    }

    private static String proxy(String text) {
        if (!text.matches("[A-Za-z0-9.\\[\\]:-]+:[0-9]{1,5}")) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a host and a port such as proxy.example.org:3128");
        }
        return text;
    }
}
