package miroir.server.subscriptions;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.index.store.ResourceKey;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** Reads a Subscription, which has the structure of one; what it says and is not offered here is refused, everything at once. */
final class ReadSubscription {
    /** The extension that says on whose behalf it is delivered; ours alone. */
    static final String OWNER = "urn:miroir:subscription:owner";

    /** The extension that says what somebody agreed to; ours alone. */
    static final String APPROVED = "urn:miroir:subscription:approved";

    /** The extension by which somebody asks to be told of deletions, and of what meets the criteria no more. */
    static final String LEAVING = "urn:miroir:subscription:leaving";

    /** The extension of the channel with the key by which what is sent is signed. */
    static final String SECRET = "urn:miroir:subscription:secret";

    static final String PAYLOAD = "application/fhir+json";

    private static final int MOST_HEADERS = 10;
    private static final int LONGEST_HEADER = 4_000;
    private static final int SHORTEST_SECRET = 16;
    private static final int LONGEST_SECRET = 1_000;
    private static final int LONGEST_URL = 2_000;
    private static final int GREATEST_PORT = 65_535;
    private static final int LAST_ASCII = 0x7e;
    private static final int LONGEST_CRITERIA = 8_000;
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VISIBLE = Pattern.compile("[\\x20-\\x7e]*");
    private static final Set<String> OURS = Set.of(
            "host",
            "connection",
            "content-length",
            "content-type",
            "content-encoding",
            "expect",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "user-agent");

    private final BsonDocument resource;
    private final BsonDocument channel;
    private final List<Refusal.Issue> issues = new ArrayList<>();

    private ReadSubscription(BsonDocument resource) {
        this.resource = resource;
        this.channel = resource.getDocument("channel", new BsonDocument());
    }

    /** Refused where it says anything that is not done here. */
    static Subscribed of(ResourceKey key, long version, Instant from, BsonDocument resource) {
        ReadSubscription reading = new ReadSubscription(resource);
        Subscribed read = reading.read(key, version, from);
        if (!reading.issues.isEmpty()) {
            throw new Refusal(reading.issues);
        }
        return read;
    }

    private Subscribed read(ResourceKey key, long version, Instant from) {
        String criteria = text(resource, "criteria");
        int mark = criteria.indexOf('?');
        String type = mark < 0 ? criteria : criteria.substring(0, mark);
        if (criteria.length() > LONGEST_CRITERIA) {
            refuse(
                    "criteria",
                    "the criteria have " + criteria.length() + " characters; allowed are " + LONGEST_CRITERIA);
        }
        checkType();
        return new Subscribed(
                key.id(),
                version,
                from,
                status(),
                type.startsWith("/") ? type.substring(1) : type,
                mark < 0 ? "" : criteria.substring(mark + 1),
                endpoint(),
                hasPayload(),
                headers(),
                secret(),
                extension(resource, LEAVING)
                        .filter(each -> each.getBoolean("valueBoolean", org.bson.BsonBoolean.FALSE)
                                .getValue())
                        .isPresent(),
                end(),
                extension(resource, OWNER)
                        .map(each -> text(each, "valueString"))
                        .orElse(""),
                text(resource, "error"),
                extension(resource, APPROVED)
                        .map(each -> text(each, "valueString"))
                        .orElse(""));
    }

    private Status status() {
        String code = text(resource, "status");
        return Status.of(code).orElseGet(() -> {
            refuse("status", "the status \"" + Refusal.shown(code) + "\" is none; allowed are requested and off");
            return Status.OFF;
        });
    }

    private void checkType() {
        String type = text(channel, "type");
        if (!type.equals("rest-hook")) {
            refuse(
                    "channel.type",
                    "a channel of type \"" + Refusal.shown(type) + "\" is not offered; allowed is rest-hook");
        }
    }

    private URI endpoint() {
        String text = text(channel, "endpoint");
        try {
            URI uri = URI.create(text);
            boolean isHttp = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (isHttp
                    && uri.getHost() != null
                    && isPort(uri.getPort())
                    && text.chars().allMatch(each -> each <= LAST_ASCII)
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null
                    && text.length() <= LONGEST_URL) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Refused like the others.
        }
        refuse(
                "channel.endpoint",
                "the endpoint is no URL to which anything is sent here; allowed are https:// and http:// with a host, without"
                        + " user and fragment, with a port from 1 to " + GREATEST_PORT + " or none, of at most "
                        + LONGEST_URL + " characters of ASCII");
        return URI.create("https://example.invalid/");
    }

    /** Below zero it is the usual one. */
    private static boolean isPort(int port) {
        return port != 0 && port <= GREATEST_PORT;
    }

    private boolean hasPayload() {
        String payload = text(channel, "payload");
        if (!payload.isEmpty() && !payload.equals(PAYLOAD)) {
            refuse(
                    "channel.payload",
                    "a payload of type \"" + Refusal.shown(payload) + "\" is not offered; allowed is " + PAYLOAD
                            + ", or none");
        }
        return !payload.isEmpty();
    }

    private List<Subscribed.Header> headers() {
        List<Subscribed.Header> headers = new ArrayList<>();
        List<BsonValue> all = channel.containsKey("header") ? channel.getArray("header") : List.of();
        if (all.size() > MOST_HEADERS) {
            refuse("channel.header", all.size() + " headers; allowed are " + MOST_HEADERS);
        }
        for (BsonValue each : all) {
            String line = each.isString() ? each.asString().getValue() : "";
            int colon = line.indexOf(':');
            String name = colon < 0 ? "" : line.substring(0, colon).strip();
            String value = line.substring(colon + 1).strip();
            if (isAllowed(name)
                    && VISIBLE.matcher(value).matches()
                    && line.length() <= longest(value, LONGEST_HEADER)) {
                headers.add(new Subscribed.Header(name, value));
            } else {
                // What is in it may be a secret, so it is not named.
                refuse(
                        "channel.header",
                        "the header " + (headers.size() + 1)
                                + " is none that can be sent; allowed is \"Name: value\" in visible ASCII, of at most "
                                + LONGEST_HEADER + " characters, and none of "
                                + String.join(", ", OURS.stream().sorted().toList())
                                + " or X-Miroir-…");
            }
        }
        return headers;
    }

    /** What is sealed is longer than what it was made of. */
    private static int longest(String text, int allowed) {
        return SealedSecrets.isSealed(text) ? 2 * allowed : allowed;
    }

    private static boolean isAllowed(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return TOKEN.matcher(name).matches() && !OURS.contains(lower) && !lower.startsWith("x-miroir-");
    }

    private @Nullable String secret() {
        String secret = extension(channel, SECRET)
                .map(each -> text(each, "valueString"))
                .orElse(null);
        if (secret != null
                && (secret.length() < SHORTEST_SECRET || secret.length() > longest(secret, LONGEST_SECRET))) {
            refuse(
                    "channel.extension",
                    "the secret has " + secret.length() + " characters; allowed are " + SHORTEST_SECRET + " to "
                            + LONGEST_SECRET);
        }
        return secret;
    }

    private @Nullable Instant end() {
        String end = text(resource, "end");
        if (end.isEmpty()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(end).toInstant();
        } catch (DateTimeException e) {
            refuse("end", "\"" + Refusal.shown(end) + "\" is no instant");
            return null;
        }
    }

    /** The extension of that name of an element. */
    static Optional<BsonDocument> extension(BsonDocument element, String url) {
        List<BsonValue> all = element.containsKey("extension") ? element.getArray("extension") : List.of();
        return all.stream()
                .filter(BsonValue::isDocument)
                .map(BsonValue::asDocument)
                .filter(each -> text(each, "url").equals(url))
                .findFirst();
    }

    private static String text(BsonDocument element, String name) {
        BsonValue value = element.get(name);
        return value != null && value.isString() ? value.asString().getValue() : "";
    }

    private void refuse(String path, String sentence) {
        issues.add(new Refusal.Issue(Refusal.Reason.UNPROCESSABLE, sentence, Subscribed.TYPE + "." + path));
    }
}
