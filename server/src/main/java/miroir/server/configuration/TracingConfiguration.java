package miroir.server.configuration;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the life of requests is told, by OpenTelemetry's protocol over HTTP.
 *
 * @param endpoint of a collector, without the path that says what is sent; null: nothing is told
 * @param sampled of how many requests that nobody before us decided about; 1 is all
 * @param headers that a collector wants, such as a token
 */
public record TracingConfiguration(
        @Nullable URI endpoint, double sampled, String service, Map<String, String> headers) {
    static final List<String> KEYS = List.of("endpoint", "sampled", "service", "headers");

    private static final Pattern HEADER = Pattern.compile("([A-Za-z0-9-]{1,64})\\s*=\\s*([\\x21-\\x7E][\\x20-\\x7E]*)");

    public TracingConfiguration {
        headers = Map.copyOf(headers);
    }

    /** Says nothing of a header, which may be a secret. */
    @Override
    public String toString() {
        return "TracingConfiguration[" + endpoint + ", " + sampled + ", " + service + ", " + headers.size()
                + " headers]";
    }

    static TracingConfiguration read(ConfigurationFile file) {
        Section section = file.section("tracing", KEYS);
        Map<String, String> headers = new TreeMap<>();
        for (String text : section.secret("headers").orElse("").split(",", -1)) {
            if (text.isBlank()) {
                continue;
            }
            Matcher header = HEADER.matcher(text.strip());
            if (!header.matches()) {
                // What stands there may be half a secret.
                throw section.refuse("one of tracing.headers is not a header such as Authorization=Bearer xyz");
            }
            headers.put(header.group(1), header.group(2));
        }
        return new TracingConfiguration(
                section.text("endpoint")
                        .map(text -> section.address(
                                "endpoint",
                                text.replaceAll("/+$", ""),
                                Set.of("http", "https"),
                                uri -> uri.getRawQuery() == null && uri.getRawUserInfo() == null,
                                "a URL such as http://127.0.0.1:4318; what opens it belongs into tracing.headers"))
                        .orElse(null),
                section.parsed("sampled", "1", TracingConfiguration::share, "a number from 0 to 1, such as 0.1"),
                section.text("service", "miroir"),
                headers);
    }

    private static double share(String text) {
        double share = Double.parseDouble(text);
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(text);
        }
        return share;
    }

    /** Where spans are sent; empty where nothing is told. */
    public Optional<URI> spans() {
        return Optional.ofNullable(endpoint).map(base -> URI.create(base + "/v1/traces"));
    }
}
