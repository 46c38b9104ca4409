package miroir.simulator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.simulator.Kind;
import miroir.simulator.fault.Fault;
import miroir.simulator.fault.FaultRule;
import miroir.simulator.fault.Faults;
import miroir.simulator.life.SimulatedClock;
import miroir.simulator.life.World;
import miroir.simulator.query.ResultPage;
import miroir.simulator.query.Search;
import miroir.simulator.query.SearchRefused;
import org.bson.RawBsonDocument;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** The API of the directory, gateway first: path, key, quota; then what was asked, unless something goes wrong with it. */
final class DirectoryApi {
    private static final Pattern PATH = Pattern.compile("(/fhir(?:/v2)?)/([A-Za-z_]+)(?:/([^/]+))?");
    private static final String TEXT = "text/plain";
    private static final int ID_OF_LINK = 3;

    private final SimulatorSettings settings;
    private final Search search;
    private final SimulatedClock clock;
    private final Faults faults;
    private final Journal journal;
    private final Quota quota;
    private final String metadata = Metadata.text();
    /** A link that died stays dead. */
    private final Map<String, FaultRule> deadLinks = new ConcurrentHashMap<>();

    DirectoryApi(SimulatorSettings settings, World world, SimulatedClock clock, Faults faults, Journal journal) {
        this.settings = settings;
        this.search = new Search(world, settings.linkLife());
        this.clock = clock;
        this.faults = faults;
        this.journal = journal;
        this.quota = new Quota(settings.quota(), System::nanoTime);
    }

    void handle(Answer answer) throws IOException, InterruptedException {
        answer.headers()
                .put(
                        HttpHeader.DATE,
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(clock.now().atOffset(ZoneOffset.UTC)));
        Matcher path = PATH.matcher(answer.path());
        if (!path.matches()) {
            send(answer, 404, TEXT, "No context-path matches the request URI.");
        } else if (settings.key() != null && !settings.key().equals(answer.header("ESANTE-API-KEY"))) {
            send(answer, 401, TEXT, "Unauthorized");
        } else if (!quota.take()) {
            answer.headers().put("X-Rate-Limit-Limit", settings.quota());
            answer.headers().put("X-Rate-Limit-Remaining", 0);
            send(
                    answer,
                    429,
                    TEXT,
                    "Rate limit exceeded! You reached the limit of " + settings.quota() + " requests per 1 seconds");
        } else {
            answer(answer, path);
        }
    }

    private void answer(Answer answer, Matcher path) throws IOException, InterruptedException {
        try {
            Asked asked = asked(answer, path);
            FaultRule fault = fault(answer, asked);
            if (fault == null) {
                sound(answer, asked, null);
            } else {
                faulty(answer, asked, fault);
            }
        } catch (SearchRefused refused) {
            send(answer, refused.status(), Answer.FHIR_JSON, outcome(refused.diagnostics()));
        }
    }

    /** What is answered where nothing goes wrong: a page, or a text that is there already. */
    private record Asked(String base, String type, @Nullable ResultPage page, String text) {}

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

    private @Nullable FaultRule fault(Answer answer, Asked asked) {
        FaultRule dead = deadLinks.get(answer.address());
        return dead != null
                ? dead
                : faults.next(
                                asked.type(),
                                asked.page() == null ? 0 : asked.page().ordinal())
                        .orElse(null);
    }

    private void sound(Answer answer, Asked asked, @Nullable FaultRule fault) throws IOException {
        journal.add(new Journal.Entry(answer.method(), answer.address(), 200, nameOf(fault)));
        String type = fault != null && fault.fault() == Fault.WRONG_CONTENT_TYPE ? "text/html" : Answer.FHIR_JSON;
        ResultPage page = asked.page();
        if (page == null) {
            answer.send(200, type, asked.text());
        } else {
            answer.stream(
                    type, out -> page.write(out, asked.base(), self(answer), fault == null ? null : fault.fault()));
        }
    }

    private void faulty(Answer answer, Asked asked, FaultRule rule) throws IOException, InterruptedException {
        switch (rule.fault()) {
            case TOO_MANY_REQUESTS -> {
                if (rule.seconds() > 0) {
                    answer.headers().put(HttpHeader.RETRY_AFTER, String.valueOf(rule.seconds()));
                }
                fail(answer, rule, 429, TEXT, "Rate limit exceeded!");
            }
            case BAD_GATEWAY -> fail(answer, rule, 502, "", "");
            case GATEWAY_TIMEOUT -> fail(answer, rule, 504, "", "");
            case LINK_TOO_OLD, LINK_BAD, LINK_NOT_FOUND, LINK_GONE -> die(answer, rule);
            case CUT -> {
                journal.add(new Journal.Entry(answer.method(), answer.address(), 0, nameOf(rule)));
                answer.cut(Answer.FHIR_JSON, whole(answer, asked));
            }
            case TRUNCATED -> {
                byte[] whole = whole(answer, asked);
                journal.add(new Journal.Entry(answer.method(), answer.address(), 200, nameOf(rule)));
                answer.stream(Answer.FHIR_JSON, out -> out.write(whole, 0, whole.length * 2 / 3));
            }
            case SLOW -> {
                Thread.sleep(1000L * Math.max(1, rule.seconds()));
                sound(answer, asked, rule);
            }
            case EXAMPLE -> {
                Examples.Example example = Examples.find(rule.file());
                fail(answer, rule, example.status(), Answer.FHIR_JSON, example.text());
            }
            default -> sound(answer, asked, rule);
        }
    }

    private void die(Answer answer, FaultRule rule) {
        deadLinks.put(answer.address(), rule);
        int status = switch (rule.fault()) {
            case LINK_BAD -> 400;
            case LINK_NOT_FOUND -> 404;
            case LINK_GONE -> 410;
            default -> 500;
        };
        fail(
                answer,
                rule,
                status,
                Answer.FHIR_JSON,
                outcome("The url can't be processed. Maybe it is too old or corrupted."));
    }

    private void fail(Answer answer, FaultRule rule, int status, String type, String text) {
        journal.add(new Journal.Entry(answer.method(), answer.address(), status, nameOf(rule)));
        answer.send(status, type, text);
    }

    private void send(Answer answer, int status, String type, String text) {
        journal.add(new Journal.Entry(answer.method(), answer.address(), status, ""));
        answer.send(status, type, text);
    }

    private static byte[] whole(Answer answer, Asked asked) throws IOException {
        if (asked.page() == null) {
            return asked.text().getBytes(UTF_8);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        asked.page().write(out, asked.base(), self(answer), null);
        return out.toByteArray();
    }

    private static String nameOf(@Nullable FaultRule rule) {
        return rule == null ? "" : rule.fault().text();
    }

    private static String self(Answer answer) {
        return "http://" + answer.host() + answer.address();
    }

    private static String json(RawBsonDocument resource) {
        Utf8Buffer text = new Utf8Buffer(4096);
        ResourceWriter.write(resource, text, false);
        return new String(text.toByteArray(), UTF_8);
    }

    static String outcome(String diagnostics) {
        Utf8Buffer text = new Utf8Buffer(256);
        text.putAscii(
                "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"exception\","
                        + "\"diagnostics\":");
        text.putQuoted(diagnostics);
        text.putAscii("}]}");
        return new String(text.toByteArray(), UTF_8);
    }

    private long now() {
        return clock.now().toEpochMilli();
    }
}
