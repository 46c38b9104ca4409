package miroir.benchmarks.operations;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.benchmarks.HttpConnection;
import miroir.benchmarks.questions.Somebody;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * A server, and how it is asked.
 *
 * @param base of the server
 * @param since an instant after which a page of practitioners changed at least
 * @param token that the server wants of who asks
 */
record Asked(
        Way way,
        URI base,
        List<Somebody> people,
        String since,
        @Nullable String token) {
    private static final Pattern NEXT =
            Pattern.compile("\"relation\"\\s*:\\s*\"next\"\\s*,\\s*\"url\"\\s*:\\s*(\"[^\"]*\")");

    HttpConnection connection() throws java.io.IOException {
        return new HttpConnection(base, token == null ? "" : "Authorization: Bearer " + token + "\r\n");
    }

    /** The request about the one of that number. The bare servlet reads nothing: it knows the same people. */
    String target(Operation operation, int number) {
        return way == Way.BARE
                ? "/fhir/" + operation.name() + "/" + number + "?" + URLEncoder.encode(since, StandardCharsets.UTF_8)
                : base.getRawPath() + "/" + operation.query(people.get(number), since);
    }

    /** The request that an answer leads to; null where it was the last page. */
    static @Nullable String next(String body) {
        Matcher link = NEXT.matcher(body);
        if (!link.find()) {
            return null;
        }
        URI next = URI.create(Document.parse("{\"url\": " + link.group(1) + "}").getString("url"));
        return next.getRawPath() + (next.getRawQuery() == null ? "" : "?" + next.getRawQuery());
    }
}
