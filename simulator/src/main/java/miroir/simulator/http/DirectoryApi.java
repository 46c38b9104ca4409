package miroir.simulator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.simulator.Kind;
import miroir.simulator.fault.Faults;
import miroir.simulator.life.SimulatedClock;
import miroir.simulator.life.World;
import miroir.simulator.query.ResultPage;
import miroir.simulator.query.Search;
import miroir.simulator.query.SearchRefused;
import org.bson.RawBsonDocument;
import org.eclipse.jetty.http.HttpHeader;

/** The API of the directory, gateway first: path, key, quota; then what was asked, unless something goes wrong with it. */
final class DirectoryApi {
    private static final Pattern PATH = Pattern.compile("(/fhir(?:/v2)?)/([A-Za-z_]+)(?:/([^/]+))?");
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);
    private static final int ID_OF_LINK = 3;

    private final SimulatorSettings settings;
    private final Search search;
    private final SimulatedClock clock;
    private final SendAnswer send;
    private final Quota quota;
    private final String metadata = Metadata.text();

    DirectoryApi(SimulatorSettings settings, World world, SimulatedClock clock, Faults faults, Journal journal) {
        this.settings = settings;
        this.search = new Search(world, settings.linkLife(), settings.longestDelta());
        this.clock = clock;
        this.send = new SendAnswer(faults, journal);
        this.quota = new Quota(settings.quota(), System::nanoTime);
    }

    void handle(Answer answer) throws IOException, InterruptedException {
        answer.headers().put(HttpHeader.DATE, HTTP_DATE.format(clock.now().atOffset(ZoneOffset.UTC)));
        Matcher path = PATH.matcher(answer.path());
        if (!path.matches()) {
            send.plain(answer, 404, "No context-path matches the request URI.");
        } else if (settings.key() != null && !settings.key().equals(answer.header("ESANTE-API-KEY"))) {
            send.plain(answer, 401, "Unauthorized");
        } else if (!quota.take()) {
            answer.headers().put("X-Rate-Limit-Limit", settings.quota());
            answer.headers().put("X-Rate-Limit-Remaining", 0);
            send.plain(
                    answer,
                    429,
                    "Rate limit exceeded! You reached the limit of " + settings.quota() + " requests per 1 seconds");
        } else {
            answer(answer, path);
        }
    }

    private void answer(Answer answer, Matcher path) throws IOException, InterruptedException {
        try {
            send.send(answer, asked(answer, path));
        } catch (SearchRefused refused) {
            send.refuse(answer, refused);
        }
    }

    private Asked asked(Answer answer, Matcher path) throws IOException {
        String base = "http://" + answer.host() + path.group(1);
        String what = path.group(2);
        String rest = path.group(3) == null ? "" : path.group(3);
        boolean form = answer.method().equals("POST") && rest.equals("_search");
        if (!form && !answer.method().equals("GET")) {
            throw new SearchRefused(403, "Access denied by default policy");
        }
        if (what.equals("metadata") && rest.isEmpty()) {
            return new Asked(base, "", null, metadata);
        }
        if (what.equals("_page") && rest.isEmpty()) {
            ResultPage page = search.next(linkOf(answer), now());
            return new Asked(base, page.type(), page, "");
        }
        Kind kind = kind(what);
        if (form || rest.isEmpty()) {
            String query = form ? joined(answer.query(), answer.body()) : answer.query();
            return new Asked(base, kind.type(), search.first(kind, query, now()), "");
        }
        return new Asked(base, kind.type(), null, json(search.read(kind, rest, now())));
    }

    private static Kind kind(String type) {
        return Stream.of(Kind.values())
                .filter(kind -> kind.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new SearchRefused(404, "Unknown resource type '" + type + "'"));
    }

    private static String linkOf(Answer answer) {
        return Stream.of(answer.query().split("&", -1))
                .filter(pair -> pair.startsWith("id=") && pair.length() > ID_OF_LINK)
                .map(pair -> pair.substring(ID_OF_LINK))
                .findFirst()
                .orElseThrow(() -> new SearchRefused(400, "Parameter id required to fetch the next page"));
    }

    private static String joined(String query, String form) {
        return query.isEmpty() || form.isEmpty() ? query + form : query + "&" + form;
    }

    private static String json(RawBsonDocument resource) {
        Utf8Buffer text = new Utf8Buffer(4096);
        ResourceWriter.write(resource, text, false);
        return new String(text.toByteArray(), UTF_8);
    }

    private long now() {
        return clock.now().toEpochMilli();
    }
}
