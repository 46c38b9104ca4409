package miroir.sync.configuration;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import miroir.index.yaml.YamlNode;
import miroir.storage.sync.SourceDefinition;
import miroir.sync.upstream.ProxyAddress;
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
        if (!SourceDefinition.isName(name)) {
            throw node.refuse("a source is called by lower-case letters, digits and hyphens");
        }
        Source source = new Source(
                name,
                url(node.require("url")),
                key(node, environment),
                Optionals.integer(node, "quota", 16, 1, 10_000),
                Optionals.duration(node, "timeout", Duration.ofSeconds(30)),
                Optionals.integer(node, "pageSize", 200, 1, 10_000),
                Optionals.parsed(node, "proxy", SourceConfiguration::proxy).orElse(null),
                Optionals.value(node, "trust", SourceConfiguration::readable).orElse(null),
                Optionals.duration(node, "patience", Duration.ofMinutes(10)),
                Optionals.value(node, "formerly", SourceConfiguration::formerly).orElse(""));
        if (isInClear(source)) {
            throw node.require("url").refuse(SourceDefinition.IN_CLEAR);
        }
        return source;
    }

    /** Whether the key would go over a network for everybody on the way to read. */
    static boolean isInClear(Source source) {
        return !source.key().isEmpty() && SourceDefinition.isInClear(source.base());
    }

    private static String formerly(YamlNode node) {
        return SourceDefinition.ANYWHERE.equals(node.text())
                ? SourceDefinition.ANYWHERE
                : url(node).toString();
    }

    private static URI url(YamlNode node) {
        return SourceDefinition.base(node.text())
                .orElseThrow(() ->
                        node.refuse("\"" + node.text() + "\" is not a FHIR base such as https://example.org/fhir"));
    }

    private static SourceKey key(YamlNode node, Function<String, @Nullable String> environment) {
        String header = Optionals.parsed(node, "header", SourceConfiguration::header)
                .orElse(SourceKey.none().header());
        Optional<Path> file = Optionals.value(node, "keyFile", SourceConfiguration::readable);
        String variable = Optionals.text(node, "keyVariable", "");
        String from = file.map(path -> "the file " + path)
                .orElse(variable.isEmpty() ? "" : "the environment variable " + variable);
        try {
            return new SourceKey(
                    header, file.isPresent() ? content(node, file.get()) : value(environment, variable), from);
        } catch (IllegalArgumentException e) {
            throw node.refuse(from + ": " + e.getMessage());
        }
    }

    private static String value(Function<String, @Nullable String> environment, String variable) {
        String value = variable.isEmpty() ? null : environment.apply(variable);
        return value == null ? "" : value.strip();
    }

    private static String content(YamlNode node, Path file) {
        try {
            String content = Files.readString(file).strip();
            if (content.isEmpty()) {
                throw node.refuse("keyFile: " + file + " is empty");
            }
            return content;
        } catch (IOException e) {
            throw node.refuse("keyFile: " + file + " cannot be read as text");
        }
    }

    /** A header that can be sent, which the client knows. */
    private static String header(String name) {
        HttpRequest.newBuilder(URI.create("http://localhost/")).header(name, "x");
        return name;
    }

    private static Path readable(YamlNode node) {
        Path file = Path.of(node.text());
        if (!Files.isReadable(file)) {
            throw node.refuse(file + " cannot be read");
        }
        return file;
    }

    private static String proxy(String text) {
        ProxyAddress.parse(text);
        return text;
    }
}
